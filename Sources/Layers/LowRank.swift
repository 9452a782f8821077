public import Tensors

/// Low-rank adaptation of frozen matrices: a target's W becomes W + (alpha / rank) · B A, with A [rank, inputs] and
/// B [outputs, rank] trained (Hu et al., 2021, arXiv 2106.09685).
public struct LowRank: Sendable {
    public let rank: Int
    public let alpha: Float
    /// Layers that are adapted, by the last name of their path, such as `query`.
    public let targets: Set<String>
    /// Of A; B starts at zero, so that nothing is changed at first.
    public let seed: UInt64

    public var scale: Float { alpha / Float(rank) }

    public init(rank: Int, alpha: Float, targets: Set<String>, seed: UInt64) {
        self.rank = rank
        self.alpha = alpha
        self.targets = targets
        self.seed = seed
    }

    func adapts(_ layer: String) -> Bool { targets.contains(String(layer.split(separator: "/").last ?? "")) }
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
}
