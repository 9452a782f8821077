internal import CKernels
internal import Tensors

extension Variable {
    /// Attention whose keys and values serve several query heads each (Ainslie et al., 2023, arXiv 2305.13245), within each
    /// of several sequences whose R tokens stand one behind the other, without padding.
    ///
    /// - `query`: [R, H·E].
    /// - `key`: [R, K·E], as is `value`; query head h uses head h·K/H.
    /// - `lengths`: the tokens of each sequence, R together.
    /// - Returns: [R, H·E].
    public static func attention(
        query: Variable, key: Variable, value: Variable, _ form: GroupedAttention, lengths: [Int]
    ) -> Variable {
        let (shape, keys) = (query.shape, key.shape)
        requireShape(
            shape.rank == 2 && keys.rank == 2 && value.shape == keys && shape[0] == keys[0]
                && form.keyHeads > 0 && form.heads % form.keyHeads == 0 && shape[1] % form.heads == 0
                && shape[1] / form.heads * form.keyHeads == keys[1], "attention",
            expected: "a query [R, H·E], key and value [R, K·E], K a divisor of H", shape, keys, value.shape)
        requireShape(lengths.reduce(0, +) == shape[0], "attention", expected: "sequences of R tokens together", shape)
        let workspace = workspace(of: query, key, value)
        let problem = GroupedAttentionProblem(form, queryWidth: shape[1], keyWidth: keys[1], lengths)
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
