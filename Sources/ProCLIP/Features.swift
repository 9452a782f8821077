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
    private let stop: StopFlag

    public init(stop: StopFlag = StopFlag()) { self.stop = stop }

    /// The L2-normalised features `[N, D]` of every picture of a dataset, each made as large as the tower wants it.
    public func images(of data: PairDataset, by tower: VisionTransformer) throws -> Tensor {
        try gather(data.pictureCount) { range, tape in
            tower(tape.constant(data.imageBatch(Array(range), for: tower, in: tape.workspace)))
        }
    }

    /// The L2-normalised features `[N, D]` of pictures of any size, each read when its batch comes up.
    public func images(
        _ count: Int, by tower: VisionTransformer, picture: (Int) throws -> Picture
    ) throws -> Tensor {
        let configuration = tower.configuration
        return try gather(count) { range, tape in
            // Only what is fitted is kept: a photo may be a hundred times as large.
            let fitted = try range.map { configuration.fitting(try picture($0), side: configuration.imageSize) }
            let pixels = Picture.batch(
                fitted.count, fitting: PictureFitting(.squash), side: configuration.imageSize, mean: configuration.mean,
                deviation: configuration.deviation, in: tape.workspace
            ) { fitted[$0] }
            return tower(tape.constant(pixels))
        }
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
        _ count: Int, _ forward: (Range<Int>, Tape) throws -> Variable
    ) throws -> Tensor {
        let tape = Tape { _ in false }
        var result: Tensor?
        for start in stride(from: 0, to: count, by: Self.batch) {
            if stop.isRaised { throw EmbeddingError.stopped(done: start, total: count) }
            let range = start..<min(start + Self.batch, count)
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
        }
        return result ?? .zeros([0, 0])
    }
}

extension PairDataset {
    /// Pictures `[B, 3, S, S]`, fitted and normalised as a tower expects them.
    func imageBatch(_ pictures: [Int], for tower: VisionTransformer, in workspace: Workspace?) -> Tensor {
        let configuration = tower.configuration
        return imageBatch(
            pictures, fitting: configuration.fitting, side: configuration.imageSize, mean: configuration.mean,
            deviation: configuration.deviation, in: workspace)
    }
}
