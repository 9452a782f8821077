public import Inputs
internal import Autodiff
public import Tensors
public import Towers

/// Features of frozen towers: computed once in batches, without a tape's records.
///
/// When the flag is raised the running batch is the last, when it is raised twice the running operation: then all
/// throw `EmbeddingError.stopped`.
public struct Features {
    private static let batch = 256
    /// Of pictures that are read from files, which takes so long that progress and the stop flag are looked at more often.
    private static let fileBatch = 32
    private let stop: StopFlag
    private let progress: (_ done: Int, _ total: Int) -> Void

    /// - `progress`: hears after each of several batches how many features there are, of how many.
    public init(stop: StopFlag = StopFlag(), progress: @escaping (_ done: Int, _ total: Int) -> Void = { _, _ in }) {
        (self.stop, self.progress) = (stop, progress)
    }

    /// The L2-normalised features `[N, D]` of every picture of a dataset, each made as large as the tower wants it.
    public func images(of data: PairDataset, by tower: VisionTransformer) throws -> Tensor {
        try gather(data.pictureCount) { range, tape in
            tower(tape.constant(try data.imageBatch(Array(range), for: tower, in: tape.workspace)))
        }
    }

    /// The features of pictures of any size, each read when its batch comes up, by several threads. At most a tenth of them,
    /// or ten, may be unreadable; they are left out. Throws the error of a single picture, `PictureError` for too many.
    public func images(
        _ count: Int, by tower: VisionTransformer, picture: @Sendable (Int) throws -> Picture
    ) throws -> PictureFeatures {
        let configuration = tower.configuration
        let (fitting, side) = (configuration.fitting, configuration.imageSize)
        var (rows, unreadable, caveats): ([Int], [(Int, any Error)], [(Int, String)]) = ([], [], [])
        let blank = Picture(width: 1, height: 1, channels: 3, samples: [0, 0, 0])
        let all = try gather(count, batch: Self.fileBatch) { range, tape in
            // Only what is fitted is kept: a photo may be a hundred times as large.
            let read = parallelMap(Array(range)) { index in
                Result { try picture(index) }.map { (picture: fitting($0, side: side), caveat: $0.caveat) }
            }
            for (index, result) in zip(range, read) {
                switch result {
                case .success(let read):
                    rows.append(index)
                    if let caveat = read.caveat { caveats.append((index, caveat)) }
                case .failure(let error): unreadable.append((index, error))
                }
            }
            if let first = unreadable.first?.1, unreadable.count > max(10, count / 10) || unreadable.count == count {
                throw count == 1
                    ? first : PictureError.tooManyUnreadable(unreadable.count, of: count, first: "\(first)")
            }
            let fitted = read.map { (try? $0.get().picture) ?? blank }
            let pixels = try Picture.batch(
                fitted.count, fitting: PictureFitting(.squash), side: side, mean: configuration.mean,
                deviation: configuration.deviation, in: tape.workspace
            ) { fitted[$0] }
            return tower(tape.constant(pixels))
        }
        return PictureFeatures(
            vectors: unreadable.isEmpty ? all : all.gathering(rows: rows), rows: rows,
            unreadable: unreadable, caveats: caveats)
    }

    /// The L2-normalised features `[N, D]` of texts by a CLIP text tower.
    public func texts(_ texts: [String], by tower: CLIPTextTransformer, tokenizer: any Tokenizer) throws -> Tensor {
        try gather(texts.count) { range, tape in tower(tokenizer.encode(Array(texts[range])), tape: tape) }
    }

    /// The L2-normalised features `[N, D]` of an embedder's vectors `[N, d]` by an adapter.
    public func texts(_ embeddings: Tensor, by adapter: Adapter) throws -> Tensor {
        try gather(embeddings.shape[0]) { range, tape in adapter(tape.constant(embeddings.rows(range))) }
    }

    private func gather(
        _ count: Int, batch: Int = Self.batch, _ forward: (Range<Int>, Tape) throws -> Variable
    ) throws -> Tensor {
        let tape = Tape { _ in false }
        var result: Tensor?
        for start in stride(from: 0, to: count, by: batch) {
            if stop.isRaised { throw EmbeddingError.stopped(done: start, total: count) }
            let range = start..<min(start + batch, count)
            let features: Tensor
            do {
                features = try abandonable(when: { stop.isUrgent }) {
                    try forward(range, tape).l2Normalized().value
                }
            } catch is WorkAbandoned {
                throw EmbeddingError.stopped(done: start, total: count)
            }
            let all = result ?? Tensor(uninitialized: [count, features.shape[1]])
            all.rows(range).data.update(from: features.data, count: features.shape.count)
            result = all
            if count > batch { progress(range.upperBound, count) }
        }
        return result ?? .zeros([0, 0])
    }
}

extension PairDataset {
    /// Pictures `[B, 3, S, S]`, fitted and normalised as a tower expects them.
    func imageBatch(_ pictures: [Int], for tower: VisionTransformer, in workspace: Workspace?) throws -> Tensor {
        let configuration = tower.configuration
        return try imageBatch(
            pictures, fitting: configuration.fitting, side: configuration.imageSize, mean: configuration.mean,
            deviation: configuration.deviation, in: workspace)
    }
}
