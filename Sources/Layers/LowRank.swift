public import Tensors

/// Low-rank adaptation of frozen matrices: a target's W becomes W + (alpha / rank) · B A, with A [rank, inputs] and
/// B [outputs, rank] trained (Hu et al., 2021, arXiv 2106.09685).
public struct LowRank: Sendable {
    public let rank: Int
    public let alpha: Float
    /// Layers that are adapted, by the last name of their path, such as `query`.
    public let targets: Set<String>
    /// They are sought below this path.
    public let root: String
    /// Of A; B starts at zero, so that nothing is changed at first.
    public let seed: UInt64

    public var scale: Float { alpha / Float(rank) }

    /// The linear layers of attention and feed-forward in a transformer's block.
    public static let blockLayers: Set = ["query", "key", "value", "output", "gate", "up", "down"]

    public init(rank: Int, alpha: Float, targets: Set<String> = blockLayers, below root: String = "", seed: UInt64) {
        self.rank = rank
        self.alpha = alpha
        self.targets = targets
        self.root = root
        self.seed = seed
    }

    func adapts(_ layer: String) -> Bool {
        layer.hasPrefix(root) && targets.contains(String(layer.split(separator: "/").last ?? ""))
    }
}

/// A frozen matrix with the two that are trained beside it.
public struct LowRankWeight {
    public let base: Tensor
    public let precision: ProductPrecision
    /// A, [rank, inputs], at `lora/down` below the layer's path.
    public let down: Parameter
    /// B, [outputs, rank], at `lora/up`.
    public let up: Parameter
    public let scale: Float

    /// W + scale · B A as one matrix, [outputs, inputs].
    public func merged() -> Tensor {
        let sum = base.elementType == .float32 ? base.copied() : base.converted(to: .float32)
        Tensor.matmul(up.value, down.value, alpha: scale, beta: 1, into: sum)
        return sum
    }
}
