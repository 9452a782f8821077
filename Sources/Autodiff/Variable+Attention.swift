internal import CKernels
public import Tensors

extension Variable {
    /// Multi-head scaled dot-product attention (Vaswani et al., 2017): softmax(Q Kᵀ / √(D/H)) V for each head.
    ///
    /// - `query`: [B, S, D]; head h owns columns h·D/H up to (h+1)·D/H.
    /// - `key`: [B, T, D], as is `value`; a causal mask needs S = T.
    /// - `heads`: H, a divisor of D.
    /// - `bias`: [H, S, T], a constant that is added to the scores.
    /// - Returns: [B, S, D]. A query that sees no key gives zeros.
    public static func attention(
        query: Variable, key: Variable, value: Variable, heads: Int, mask: AttentionMask, bias: Tensor? = nil
    ) -> Variable {
        let (shape, keys) = (query.shape, key.shape)
        requireShape(
            shape.rank == 3 && keys.rank == 3 && value.shape == keys && shape[0] == keys[0] && shape[2] == keys[2]
                && (mask != .causal || shape == keys), "attention",
            expected: "a query [B, S, D], key and value [B, T, D]", shape, keys, value.shape)
        requireShape(heads > 0 && shape[2] % heads == 0, "attention", expected: "a width divisible by \(heads)", shape)
        if case .lengths(let lengths) = mask {
            requireShape(lengths.count == shape[0], "attention", expected: "a length for each of B sequences", shape)
        }
        requireShape(
            bias.map { $0.shape == [heads, shape[1], keys[1]] } ?? true, "attention", expected: "a bias [H, S, T]",
            bias?.shape ?? [], shape)
        let workspace = workspace(of: query, key, value)
        let problem = AttentionProblem(shape, keys: keys[1], heads: heads, mask: mask, bias: bias)
        let result = Tensor(uninitialized: shape, in: workspace)
        problem.forward(query.value, key.value, value.value, result)
        return recorded(result, from: [query, key, value]) { upstream in
            let gradients = [query, key, value].map { Tensor(uninitialized: $0.shape, in: workspace) }
            problem.backward(
                query.value, key.value, value.value, upstream, gradients[0], gradients[1], gradients[2])
            return zip([query, key, value], gradients).map { $0.needsGradient ? $1 : nil }
        }
    }
}
