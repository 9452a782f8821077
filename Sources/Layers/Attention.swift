public import Autodiff

/// Multi-head self-attention (Vaswani et al., 2017): [B, T, width] -> [B, T, width].
public struct Attention {
    public let query: Linear
    public let key: Linear
    public let value: Linear
    public let output: Linear
    public let heads: Int

    /// Parameters `query`, `key`, `value` and `output`, each a `Linear`. Throws what the source throws.
    public init(width: Int, heads: Int, outputDeviation: Float? = nil, scope: ParameterScope) throws {
        query = try Linear(inputs: width, outputs: width, scope: scope["query"])
        key = try Linear(inputs: width, outputs: width, scope: scope["key"])
        value = try Linear(inputs: width, outputs: width, scope: scope["value"])
        output = try Linear(inputs: width, outputs: width, deviation: outputDeviation, scope: scope["output"])
        self.heads = heads
    }

    public func callAsFunction(_ x: Variable, mask: AttentionMask = .none) -> Variable {
        output(.attention(query: query(x), key: key(x), value: value(x), heads: heads, mask: mask))
    }
}
