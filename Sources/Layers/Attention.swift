public import Autodiff
public import Tensors

/// Multi-head attention (Vaswani et al., 2017): [B, S, width] over [B, T, width] -> [B, S, width].
public struct Attention {
    public let query: Linear
    public let key: Linear
    public let value: Linear
    public let output: Linear
    /// Of what the heads found, before `output`; EVA-02's "inner" norm.
    public let norm: LayerNorm?
    public let heads: Int

    /// Parameters `query`, `key`, `value` and `output`, each a `Linear`, and `norm` where asked for. Throws what the
    /// source throws.
    ///
    /// - `innerEpsilon`: of the inner norm; nil for none.
    public init(
        width: Int, heads: Int, hasKeyBias: Bool = true, innerEpsilon: Float? = nil, outputDeviation: Float? = nil,
        scope: ParameterScope
    ) throws {
        query = try Linear(inputs: width, outputs: width, scope: scope["query"])
        key = try Linear(inputs: width, outputs: width, bias: hasKeyBias, scope: scope["key"])
        value = try Linear(inputs: width, outputs: width, scope: scope["value"])
        norm = try innerEpsilon.map { try LayerNorm(width: width, epsilon: $0, scope: scope["norm"]) }
        output = try Linear(inputs: width, outputs: width, deviation: outputDeviation, scope: scope["output"])
        self.heads = heads
    }

    /// - `queries`: what asks; nil for `x` itself.
    /// - `rotation`: turns queries and keys by their positions.
    /// - `bias`: [heads, S, T], a constant that is added to the scores.
    public func callAsFunction(
        _ x: Variable, queries: Variable? = nil, mask: AttentionMask = .none, rotation: GridRotation? = nil,
        bias: Tensor? = nil
    ) -> Variable {
        func turned(_ states: Variable) -> Variable { rotation.map { states.rotated(by: $0) } ?? states }
        let found = Variable.attention(
            query: turned(query(queries ?? x)), key: turned(key(x)), value: value(x), heads: heads, mask: mask,
            bias: bias)
        return output(norm.map { $0(found) } ?? found)
    }
}
