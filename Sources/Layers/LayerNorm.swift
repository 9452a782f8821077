public import Autodiff

/// Layer normalisation over the last axis (Ba, Kiros and Hinton, 2016): [..., width] -> [..., width].
public struct LayerNorm {
    /// [width], as `bias`
    public let weight: Parameter
    public let bias: Parameter
    public let epsilon: Float

    /// Parameters `weight` (fresh: 1) and `bias` (fresh: 0). Throws what the source throws.
    public init(width: Int, epsilon: Float = 1e-5, scope: ParameterScope) throws {
        weight = try scope.parameter("weight", [width], .ones)
        bias = try scope.parameter("bias", [width], .zeros)
        self.epsilon = epsilon
    }

    public func callAsFunction(_ x: Variable) -> Variable {
        x.layerNorm(weight: weight(beside: x), bias: bias(beside: x), epsilon: epsilon)
    }
}
