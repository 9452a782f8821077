public import Autodiff

/// A pre-norm transformer block: [B, T, width] -> [B, T, width].
public struct TransformerBlock {
    public let norm1: LayerNorm
    public let attention: Attention
    public let norm2: LayerNorm
    public let up: Linear
    public let down: Linear
    public let activation: Activation

    /// Parameters `norm1`, `attention`, `norm2`, `mlp/up` and `mlp/down`. Throws what the source throws.
    ///
    /// - Parameters:
    ///   - outputDeviation: of the fresh weights that write into the residual stream; nil gives `inputs^-0.5`.
    ///   - upDeviation: of the fresh weights of `mlp/up`; nil gives `inputs^-0.5`.
    public init(
        width: Int, heads: Int, mlpWidth: Int, activation: Activation, epsilon: Float = 1e-5,
        outputDeviation: Float? = nil, upDeviation: Float? = nil, scope: ParameterScope
    ) throws {
        norm1 = try LayerNorm(width: width, epsilon: epsilon, scope: scope["norm1"])
        attention = try Attention(
            width: width, heads: heads, outputDeviation: outputDeviation, scope: scope["attention"])
        norm2 = try LayerNorm(width: width, epsilon: epsilon, scope: scope["norm2"])
        up = try Linear(inputs: width, outputs: mlpWidth, deviation: upDeviation, scope: scope["mlp"]["up"])
        down = try Linear(inputs: mlpWidth, outputs: width, deviation: outputDeviation, scope: scope["mlp"]["down"])
        self.activation = activation
    }

    public func callAsFunction(_ x: Variable, mask: AttentionMask = .none) -> Variable {
        let attended = x + attention(norm1(x), mask: mask)
        return attended + down(activation(up(norm2(attended))))
    }
}
