public import Autodiff

/// Root-mean-square normalisation (Zhang and Sennrich, 2019): [..., width] -> [..., width]. A last axis of several widths
/// (the heads of queries and keys) is normalised width by width.
public struct RMSNorm {
    /// [width]
    public let weight: Parameter
    public let epsilon: Float

    /// Parameter `weight` (fresh: 1). Throws what the source throws.
    public init(width: Int, epsilon: Float, scope: ParameterScope) throws {
        weight = try scope.parameter("weight", [width], .ones)
        self.epsilon = epsilon
    }

    public func callAsFunction(_ x: Variable) -> Variable { x.rmsNorm(weight: weight(beside: x), epsilon: epsilon) }
}
