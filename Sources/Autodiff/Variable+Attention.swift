internal import CKernels
public import Tensors

extension Variable {
    /// Multi-head scaled dot-product attention (Vaswani et al., 2017): softmax(Q Kᵀ / √(D/H)) V for each head.
    ///
    /// - Parameters:
    ///   - query: [B, S, D]; head h owns columns h·D/H up to (h+1)·D/H.
    ///   - key: [B, T, D], as is `value`; a causal mask needs S = T.
    ///   - heads: H, a divisor of D.
    ///   - bias: [H, S, T], a constant that is added to the scores.
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
        let geometry = AttentionGeometry(shape, keys: keys[1], heads: heads, mask: mask, bias: bias)
        let result = Tensor(uninitialized: shape, in: workspace)
        // The way back needs the probabilities of every head; a frozen network keeps none.
        let probabilities =
            [query, key, value].contains(where: \.needsGradient)
            ? Tensor(uninitialized: [shape[0], heads, shape[1], keys[1]], in: workspace) : nil
        geometry.forward(query.value, key.value, value.value, probabilities, result)
        guard let probabilities else { return recorded(result, from: [query, key, value]) { _ in [] } }
        return recorded(result, from: [query, key, value]) { upstream in
            let dquery = query.needsGradient ? Tensor(uninitialized: shape, in: workspace) : nil
            let dkey = key.needsGradient ? Tensor(uninitialized: keys, in: workspace) : nil
            let dvalue = value.needsGradient ? Tensor(uninitialized: keys, in: workspace) : nil
            geometry.backward(
                query.value, key.value, value.value, probabilities, upstream, dquery, dkey, dvalue, workspace)
            return [dquery, dkey, dvalue]
        }
    }
}

/// The strides of one attention: every (sequence, head) is a problem of its own, [S, E] against [T, E] with rows D apart.
private struct AttentionGeometry {
    let batch: Int, queries: Int, keys: Int, width: Int, heads: Int, headWidth: Int, scale: Float, mask: AttentionMask
    /// [H, S, T], over the scale
    let bias: Tensor?

    init(_ shape: Shape, keys: Int, heads: Int, mask: AttentionMask, bias: Tensor?) {
        (batch, queries, self.keys, width, self.heads, self.mask) = (shape[0], shape[1], keys, shape[2], heads, mask)
        headWidth = width / heads
        scale = 1 / Float(headWidth).squareRoot()
        self.bias = bias?.scaled(by: Float(headWidth).squareRoot())
    }

    private func offset(_ index: Int, of tokens: Int) -> Int {
        index / heads * tokens * width + index % heads * headWidth
    }

    func forward(_ query: Tensor, _ key: Tensor, _ value: Tensor, _ probabilities: Tensor?, _ result: Tensor) {
        let (q, k, v, p, y) = (query.data, key.data, value.data, probabilities?.data, result.data)
        let (S, T, E, D) = (queries, keys, headWidth, width)
        parallel(batch * heads, cost: 0.1 * Double(S * T * E)) { range in
            let reused = p == nil ? UnsafeMutablePointer<Float>.allocate(capacity: S * T) : nil
            defer { reused?.deallocate() }
            for index in range {
                guard let square = reused ?? p.map({ $0 + index * S * T }) else { return }
                let (own, other) = (offset(index, of: S), offset(index, of: T))
                if let bias { square.update(from: bias.data + index % heads * S * T, count: S * T) }
                gemm(
                    false, true, S, T, E, alpha: 1, q + own, D, k + other, D, beta: bias == nil ? 0 : 1, square, T,
                    isShared: false)
                softmax_forward(
                    square, scale, square, S, T, mask.visible(index / heads, of: T), mask == .causal ? 1 : 0)
                gemm(false, false, S, E, T, alpha: 1, square, T, v + other, D, beta: 0, y + own, D, isShared: false)
            }
        }
    }

    func backward(
        _ query: Tensor, _ key: Tensor, _ value: Tensor, _ probabilities: Tensor, _ upstream: Tensor,
        _ dquery: Tensor?, _ dkey: Tensor?, _ dvalue: Tensor?, _ workspace: Workspace?
    ) {
        let (q, k, v, p, dy) = (query.data, key.data, value.data, probabilities.data, upstream.data)
        let (dq, dk, dv) = (dquery?.data, dkey?.data, dvalue?.data)
        let (S, T, E, D) = (queries, keys, headWidth, width)
        let scratch = Tensor(uninitialized: probabilities.shape, in: workspace)
        let squares = scratch.data
        parallel(batch * heads, cost: 0.2 * Double(S * T * E)) { range in
            for index in range {
                let (own, other) = (offset(index, of: S), offset(index, of: T))
                let (chances, square) = (p + index * S * T, squares + index * S * T)
                if let dv {
                    gemm(
                        true, false, T, E, S, alpha: 1, chances, T, dy + own, D, beta: 0, dv + other, D, isShared: false
                    )
                }
                guard dq != nil || dk != nil else { continue }
                gemm(false, true, S, T, E, alpha: 1, dy + own, D, v + other, D, beta: 0, square, T, isShared: false)
                softmax_backward(chances, square, scale, square, S, T)
                if let dq {
                    gemm(
                        false, false, S, E, T, alpha: 1, square, T, k + other, D, beta: 0, dq + own, D, isShared: false)
                }
                if let dk {
                    gemm(true, false, T, E, S, alpha: 1, square, T, q + own, D, beta: 0, dk + other, D, isShared: false)
                }
            }
        }
    }
}
