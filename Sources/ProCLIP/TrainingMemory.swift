internal import Autodiff
public import Towers

/// The memory that training takes, in bytes, from sizes alone: known before a weight is read. What the process, its data
/// and the embedder take comes on top.
///
/// With R the rows that pass a network at a time (a batch of B, or `micro` of it; of an image tower times its T tokens):
/// a transformer block of width D and inner width I keeps R (8 D + 2 I) floats for its gradient, an adapter's block of
/// width d and expansion e R d (3 + 2 e). On the way back what blocks keep makes place for gradients of parameters, so a
/// step holds the larger of both, and one block's worth beside it; a batch in pieces also holds the sum of the pieces.
/// With recomputation a block keeps its input only, and one block at a time is whole, half as much again on its way back.
public struct TrainingMemory: Equatable, Sendable {
    /// Value and both moments of AdamW of what is trained, and the values of what is not.
    public var parameters: Int
    /// The moving average.
    public var averages: Int
    /// What a step works with, gradients included: the workspace.
    public var step: Int

    public var total: Int { parameters + averages + step }

    /// Stage 1. The losses pass over blocks of rows of their distances.
    public init(distilling adapter: Adapter.Configuration, batch: Int, recompute: Bool = false) {
        parameters = 12 * adapter.parameterCount
        averages = 0
        let passed = adapter.passed(rows: batch, recompute: recompute)
        let loss = 2 * Self.block(batch) + 3 * batch * adapter.outputs
        step = 4 * max(passed.kept + max(passed.block, loss), adapter.parameterCount + passed.block)
    }

    /// Stage 2.
    ///
    /// - `imageParameters`: the numbers of the image tower.
    /// - `average`: whether L_reg has a teacher that is another than the tower as it was.
    public init(
        tuning image: VisionTransformer.Configuration, imageParameters: Int, adapter: Adapter.Configuration,
        train: Set<TuneStage.Part>, average: Bool, batch: Int, micro: Int? = nil, recompute: Bool = false
    ) {
        self.init(
            image, imageParameters, texts: adapter.parameterCount, areTrained: train.contains(.adapter), train, average,
            batch, micro, recompute
        ) { adapter.passed(rows: $0, recompute: recompute) }
    }

    /// Stage 2 of a CLIP with its own text tower, and with `train` of both towers a CLIP from nothing.
    ///
    /// - `tokens`: of the longest text.
    public init(
        tuning image: VisionTransformer.Configuration, imageParameters: Int, text: CLIPTextTransformer.Configuration,
        tokens: Int, train: Set<TuneStage.Part>, average: Bool, batch: Int, micro: Int? = nil, recompute: Bool = false
    ) {
        self.init(
            image, imageParameters, texts: text.parameterCount, areTrained: train.contains(.text), train, average,
            batch,
            micro, recompute
        ) { text.passed(texts: $0, tokens: min(tokens, text.contextLength), recompute: recompute) }
    }

    /// - `texts`: the numbers of what texts pass, and `passed` what it keeps of so many.
    private init(
        _ image: VisionTransformer.Configuration, _ imageParameters: Int, texts: Int, areTrained: Bool,
        _ train: Set<TuneStage.Part>, _ average: Bool, _ batch: Int, _ micro: Int?, _ recompute: Bool,
        passed: @escaping (Int) -> Passed
    ) {
        let part = train.first(where: \.isOfImageTower)
        let ofTexts = areTrained ? texts : 0
        // Of the image tower, the pictures pass whole the blocks that have a way back.
        var passedImage = image
        var tuned = part == nil ? 0 : imageParameters
        if case .last(let count) = part {
            passedImage.layers = min(count, image.layers)
            tuned = imageParameters * passedImage.layers / image.layers
        } else if let rank = part?.rank {
            tuned = image.lowRankCount(rank)
        }
        let sizes: [(count: Int, passed: (Int) -> Passed)] = [
            (tuned, { passedImage.passed(pictures: $0, recompute: recompute) }), (ofTexts, passed),
        ]
        let all = imageParameters + texts
        parameters = 12 * (tuned + ofTexts) + 4 * max(0, all - ofTexts - (part?.rank == nil ? tuned : 0))
        averages = average && part != nil ? 4 * imageParameters : 0
        let rows = min(micro ?? batch, batch)
        let trained = sizes.filter { $0.count > 0 }
        let gradients = trained.map(\.count).reduce(0, +)
        let passes = trained.map { $0.passed(rows) }
        let block = passes.map(\.block).max() ?? 0
        let loss = 4 * batch * image.outputs + Self.block(batch)
        let features = 6 * batch * image.outputs
        if rows < batch {
            // One network at a time, and the gradients of a piece beside their sum.
            let kept = passes.map(\.kept).max() ?? 0
            step = 4 * (features + max(loss, gradients + max(kept + block, (trained.map(\.count).max() ?? 0) + block)))
        } else {
            step = 4 * (features + max(passes.map(\.kept).reduce(0, +) + max(block, loss), gradients + block))
        }
    }

    /// Floats of the rows of a matrix [batch, batch] that a loss has at a time.
    private static func block(_ batch: Int) -> Int { (rowBlocks(of: batch).first?.count ?? 0) * batch }

    /// Floats that a network keeps on the way forward, and those that a block needs beside them on the way back.
    fileprivate typealias Passed = (kept: Int, block: Int)
}

extension Adapter.Configuration {
    /// The numbers of an adapter of these sizes.
    public var parameterCount: Int {
        let inner = expansion * inputs
        return blocks * (2 * inputs * inner + inner + 3 * inputs) + 2 * inputs + inputs * outputs + outputs
    }

    fileprivate func passed(rows R: Int, recompute: Bool) -> TrainingMemory.Passed {
        let block = R * inputs * (3 + 2 * expansion)
        let ends = 3 * R * inputs + 2 * R * outputs
        return recompute ? (blocks * R * inputs + block + ends, block / 2) : (blocks * block + ends, block)
    }
}

extension CLIPTextTransformer.Configuration {
    /// The numbers of a text tower of these sizes.
    public var parameterCount: Int {
        let block = 4 * width * (width + 1) + 2 * width * mlpWidth + mlpWidth + width + 4 * width
        return width * (vocabularySize + contextLength + outputs + 2) + (style.hasProjectionBias ? outputs : 0)
            + layers * block
    }

    /// What the blocks keep of R texts, and their words beside.
    fileprivate func passed(texts R: Int, tokens T: Int, recompute: Bool) -> TrainingMemory.Passed {
        let rows = R * T
        let block = rows * (8 * width + 2 * mlpWidth)
        let ends = 3 * rows * width + 2 * R * outputs
        return recompute ? (layers * rows * width + block + ends, block / 2) : (layers * block + ends, block)
    }
}

extension VisionTransformer.Configuration {
    /// The numbers of matrices of low rank beside those of all blocks: four of attention, two or three between.
    func lowRankCount(_ rank: Int) -> Int {
        layers * rank * (8 * width + (style.block.isGated ? 3 : 2) * (width + mlpWidth))
    }

    /// The pixels of R pictures, as such and in patches, and what the blocks keep.
    fileprivate func passed(pictures R: Int, recompute: Bool) -> TrainingMemory.Passed {
        let tokens = R * tokenCount
        let block = tokens * (8 * width + (style.block.isGated ? 3 : 2) * mlpWidth)
        let ends = 2 * 3 * R * imageSize * imageSize + 4 * tokens * width
        return recompute ? (layers * tokens * width + block + ends, block / 2) : (layers * block + ends, block)
    }
}
