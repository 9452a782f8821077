internal import Autodiff
internal import Layers

/// SigLIP's head: a learned query attends to all tokens, then a residual feed-forward layer: [B, N, width] -> [B, width].
struct AttentionPool {
    /// [1, width]
    private let probe: Parameter
    private let attention: Attention
    private let norm: LayerNorm
    private let mlp: FeedForward

    /// Parameters `probe`, `attention`, `norm` and `mlp`. Throws what the source throws.
    init(_ configuration: TransformerBlock.Configuration, scope: ParameterScope) throws {
        let width = configuration.width
        probe = try scope.parameter("probe", [1, width], .normal(deviation: 1 / Float(width).squareRoot()))
        attention = try Attention(width: width, heads: configuration.heads, scope: scope["attention"])
        norm = try LayerNorm(width: width, epsilon: configuration.epsilon, scope: scope["norm"])
        mlp = try FeedForward(
            width: width, inner: configuration.mlpWidth, activation: configuration.activation, scope: scope["mlp"])
    }

    func callAsFunction(_ tokens: Variable) -> Variable {
        let queries = probe(beside: tokens).repeated(tokens.shape[0])  // [B, 1, width]
        let found = attention(tokens, queries: queries)
        return (found + mlp(norm(found))).reshaped([tokens.shape[0], tokens.shape[2]])
    }
}
