public import Inputs
internal import Autodiff
public import Tensors
public import Towers

/// Features of frozen towers: computed once in batches, without a tape's records.
public enum Features {
    private static let batch = 256

    /// The L2-normalised features `[N, D]` of every picture of a dataset.
    /// Throws `TrainingError.pictureSize` where the tower takes another size.
    public static func images(of data: PairDataset, by tower: VisionTransformer) throws -> Tensor {
        try data.requireSize(for: tower)
        return gather(data.pictureCount) { range, tape in
            tower(tape.constant(data.imageBatch(Array(range), for: tower, in: tape.workspace)))
        }
    }

    /// The L2-normalised features `[N, D]` of pictures of any size, each read when its batch comes up.
    public static func images(
        _ count: Int, by tower: VisionTransformer, picture: (Int) throws -> Picture
    ) rethrows -> Tensor {
        let configuration = tower.configuration
        return try gather(count) { range, tape in
            let pixels = Picture.batch(
                try range.map(picture), side: configuration.imageSize, mean: configuration.mean,
                deviation: configuration.deviation)
            return tower(tape.constant(pixels))
        }
    }

    /// The L2-normalised features `[N, D]` of texts by a CLIP text tower.
    public static func texts(_ texts: [String], by tower: CLIPTextTransformer, tokenizer: any Tokenizer) -> Tensor {
        gather(texts.count) { range, tape in tower(tokenizer.encode(Array(texts[range])), tape: tape) }
    }

    /// The L2-normalised features `[N, D]` of an embedder's vectors `[N, d]` by an adapter.
    public static func texts(_ embeddings: Tensor, by adapter: Adapter) -> Tensor {
        gather(embeddings.shape[0]) { range, tape in adapter(tape.constant(embeddings.rows(range))) }
    }

    private static func gather(
        _ count: Int, _ forward: (Range<Int>, Tape) throws -> Variable
    ) rethrows -> Tensor {
        let tape = Tape { _ in false }
        var result: Tensor?
        for start in stride(from: 0, to: count, by: batch) {
            let range = start..<min(start + batch, count)
            let features = try forward(range, tape).l2Normalized().value
            let all = result ?? Tensor(uninitialized: [count, features.shape[1]])
            all.rows(range).data.update(from: features.data, count: features.shape.count)
            result = all
        }
        return result ?? .zeros([0, 0])
    }
}

extension PairDataset {
    func requireSize(for tower: VisionTransformer) throws {
        let (size, needed) = (imageSize, tower.configuration.imageSize)
        guard size == (needed, needed) else {
            throw TrainingError.pictureSize(path: path, height: size.height, width: size.width, needed: needed)
        }
    }

    /// Pictures `[B, 3, H, W]`, normalised as a tower expects them.
    func imageBatch(_ pictures: [Int], for tower: VisionTransformer, in workspace: Workspace?) -> Tensor {
        imageBatch(
            pictures, mean: tower.configuration.mean, deviation: tower.configuration.deviation, in: workspace)
    }
}
