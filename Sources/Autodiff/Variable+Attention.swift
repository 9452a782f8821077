internal import CKernels
internal import Tensors

extension Variable {
    /// Multi-head scaled dot-product attention (Vaswani et al., 2017): softmax(Q Kᵀ / √(D/H)) V for each head.
    ///
    /// - Parameters:
    ///   - query: [B, T, D], as are `key` and `value`; head h owns columns h·D/H up to (h+1)·D/H.
    ///   - heads: H, a divisor of D.
    /// - Returns: [B, T, D]. A query that sees no key gives zeros.
    public static func attention(
        query: Variable, key: Variable, value: Variable, heads: Int, mask: AttentionMask
    ) -> Variable {
        let shape = query.shape
        requireShape(
            shape.rank == 3 && key.shape == shape && value.shape == shape, "attention",
            expected: "query, key and value of one shape [B, T, D]", shape, key.shape, value.shape)
        requireShape(heads > 0 && shape[2] % heads == 0, "attention", expected: "a width divisible by \(heads)", shape)
        if case .lengths(let lengths) = mask {
            requireShape(lengths.count == shape[0], "attention", expected: "a length for each of B sequences", shape)
        }
        let workspace = workspace(of: query, key, value)
        let geometry = AttentionGeometry(shape, heads: heads, mask: mask)
        let result = Tensor(uninitialized: shape, in: workspace)
        // The way back needs the probabilities of every head; a frozen network keeps none.
        let probabilities =
            [query, key, value].contains(where: \.needsGradient)
            ? Tensor(uninitialized: [shape[0], heads, shape[1], shape[1]], in: workspace) : nil
        geometry.forward(query.value, key.value, value.value, probabilities, result)
        guard let probabilities else { return recorded(result, from: [query, key, value]) { _ in [] } }
        return recorded(result, from: [query, key, value]) { upstream in
            let dquery = query.needsGradient ? Tensor(uninitialized: shape, in: workspace) : nil
            let dkey = key.needsGradient ? Tensor(uninitialized: shape, in: workspace) : nil
            let dvalue = value.needsGradient ? Tensor(uninitialized: shape, in: workspace) : nil
            geometry.backward(
                query.value, key.value, value.value, probabilities, upstream, dquery, dkey, dvalue, workspace)
            return [dquery, dkey, dvalue]
        }
    }
}

/// The strides of one attention: every (sequence, head) is a problem of its own, [T, E] with rows D apart.
private struct AttentionGeometry {
    let batch: Int, tokens: Int, width: Int, heads: Int, headWidth: Int, scale: Float, mask: AttentionMask

    init(_ shape: Shape, heads: Int, mask: AttentionMask) {
        (batch, tokens, width, self.heads, self.mask) = (shape[0], shape[1], shape[2], heads, mask)
        headWidth = width / heads
        scale = 1 / Float(headWidth).squareRoot()
    }

    private func offset(_ index: Int) -> Int { index / heads * tokens * width + index % heads * headWidth }

    func forward(_ query: Tensor, _ key: Tensor, _ value: Tensor, _ probabilities: Tensor?, _ result: Tensor) {
        let (q, k, v, p, y) = (query.data, key.data, value.data, probabilities?.data, result.data)
        let (T, E, D) = (tokens, headWidth, width)
        parallel(batch * heads, cost: 0.1 * Double(T * T * E)) { range in
            let reused = p == nil ? UnsafeMutablePointer<Float>.allocate(capacity: T * T) : nil
            defer { reused?.deallocate() }
            for index in range {
                guard let square = reused ?? p.map({ $0 + index * T * T }) else { return }
                let own = offset(index)
                gemm(false, true, T, T, E, alpha: 1, q + own, D, k + own, D, beta: 0, square, T, isShared: false)
                softmax_forward(
                    square, scale, square, T, T, mask.visible(index / heads, of: T), mask == .causal ? 1 : 0)
                gemm(false, false, T, E, T, alpha: 1, square, T, v + own, D, beta: 0, y + own, D, isShared: false)
            }
        }
    }

    func backward(
        _ query: Tensor, _ key: Tensor, _ value: Tensor, _ probabilities: Tensor, _ upstream: Tensor,
        _ dquery: Tensor?, _ dkey: Tensor?, _ dvalue: Tensor?, _ workspace: Workspace?
    ) {
        let (q, k, v, p, dy) = (query.data, key.data, value.data, probabilities.data, upstream.data)
        let (dq, dk, dv) = (dquery?.data, dkey?.data, dvalue?.data)
        let (T, E, D) = (tokens, headWidth, width)
        let scratch = Tensor(uninitialized: probabilities.shape, in: workspace)
        let squares = scratch.data
        parallel(batch * heads, cost: 0.2 * Double(T * T * E)) { range in
            for index in range {
                let (own, chances, square) = (offset(index), p + index * T * T, squares + index * T * T)
                if let dv {
                    gemm(true, false, T, E, T, alpha: 1, chances, T, dy + own, D, beta: 0, dv + own, D, isShared: false)
                }
                guard dq != nil || dk != nil else { continue }
                gemm(false, true, T, T, E, alpha: 1, dy + own, D, v + own, D, beta: 0, square, T, isShared: false)
                softmax_backward(chances, square, scale, square, T, T)
                if let dq {
                    gemm(false, false, T, E, T, alpha: 1, square, T, k + own, D, beta: 0, dq + own, D, isShared: false)
                }
                if let dk {
                    gemm(true, false, T, E, T, alpha: 1, square, T, q + own, D, beta: 0, dk + own, D, isShared: false)
                }
            }
        }
    }
}
