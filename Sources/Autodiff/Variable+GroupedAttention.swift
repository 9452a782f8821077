internal import CKernels
internal import Tensors

extension Variable {
    /// Attention whose keys and values serve several query heads each (Ainslie et al., 2023, arXiv 2305.13245).
    ///
    /// - Parameters:
    ///   - query: [B, T, H·E].
    ///   - key: [B, T, K·E], as is `value`; query head h uses head h·K/H.
    ///   - lengths: the tokens of each sequence; the rest is padding that no token sees.
    /// - Returns: [B, T, H·E]. A query that sees no key gives zeros.
    public static func attention(
        query: Variable, key: Variable, value: Variable, _ form: GroupedAttention, lengths: [Int]
    ) -> Variable {
        let (shape, keys) = (query.shape, key.shape)
        requireShape(
            shape.rank == 3 && keys.rank == 3 && value.shape == keys && shape[0] == keys[0] && shape[1] == keys[1]
                && form.keyHeads > 0 && form.heads % form.keyHeads == 0 && shape[2] % form.heads == 0
                && shape[2] / form.heads * form.keyHeads == keys[2], "attention",
            expected: "a query [B, T, H·E], key and value [B, T, K·E], K a divisor of H", shape, keys, value.shape)
        requireShape(lengths.count == shape[0], "attention", expected: "a length for each of B sequences", shape)
        let workspace = workspace(of: query, key, value)
        let problem = GroupedAttentionProblem(form, shape, keys, lengths)
        let result = Tensor(uninitialized: shape, in: workspace)
        // The way back needs the probabilities of every head; a frozen network keeps none.
        let probabilities =
            [query, key, value].contains(where: \.needsGradient)
            ? Tensor(uninitialized: [shape[0], form.heads, shape[1], shape[1]], in: workspace) : nil
        problem.forward(query.value, key.value, value.value, probabilities, result)
        guard let probabilities else { return recorded(result, from: [query, key, value]) { _ in [] } }
        return recorded(result, from: [query, key, value]) { upstream in
            let gradients = [query, key, value].map { Tensor(uninitialized: $0.shape, in: workspace) }
            problem.backward(
                query.value, key.value, value.value, probabilities, upstream, gradients[0], gradients[1], gradients[2])
            return zip([query, key, value], gradients).map { $0.needsGradient ? $1 : nil }
        }
    }
}

/// The strides of one attention: every (sequence, query head) is a problem of its own.
private struct GroupedAttentionProblem {
    let form: GroupedAttention
    let lengths: [Int]
    /// T, E, and the row lengths H·E and K·E
    let tokens: Int, headWidth: Int, queryWidth: Int, keyWidth: Int, scale: Float

    init(_ form: GroupedAttention, _ shape: Shape, _ keys: Shape, _ lengths: [Int]) {
        (self.form, self.lengths) = (form, lengths)
        (tokens, queryWidth, keyWidth) = (shape[1], shape[2], keys[2])
        headWidth = queryWidth / form.heads
        scale = form.scale ?? 1 / Float(headWidth).squareRoot()
    }

    private func places(_ index: Int) -> (query: Int, key: Int) {
        let (sequence, head) = (index / form.heads, index % form.heads)
        return (
            sequence * tokens * queryWidth + head * headWidth,
            sequence * tokens * keyWidth + head * form.keyHeads / form.heads * headWidth
        )
    }

    /// The scores of some rows of a head, capped where the form says so, in `square`, whose rows lie T apart; returns what is
    /// left of the scale.
    private func scores(
        _ q: UnsafePointer<Float>, rows: Int, _ k: UnsafePointer<Float>, columns: Int,
        _ square: UnsafeMutablePointer<Float>
    ) -> Float {
        gemm(
            false, true, rows, columns, headWidth, alpha: 1, q, queryWidth, k, keyWidth, beta: 0, square, tokens,
            isShared: false)
        guard let cap = form.cap else { return scale }
        for row in 0..<rows { soft_cap_forward(square + row * tokens, scale, cap, square + row * tokens, columns) }
        return 1
    }

    func forward(_ query: Tensor, _ key: Tensor, _ value: Tensor, _ probabilities: Tensor?, _ result: Tensor) {
        let (q, k, v, p, y) = (query.data, key.data, value.data, probabilities?.data, result.data)
        let (T, E) = (tokens, headWidth)
        // Rows that are computed together: few, where each sees another part.
        let height = min(T, form.isCausal || form.window != nil ? 64 : 256)
        parallel(lengths.count * form.heads, cost: 0.1 * Double(T * T * E)) { range in
            let reused = p == nil ? UnsafeMutablePointer<Float>.allocate(capacity: height * T) : nil
            defer { reused?.deallocate() }
            for index in range {
                let (place, length) = (places(index), lengths[index / form.heads])
                for start in stride(from: 0, to: T, by: height) {
                    guard let square = reused ?? p.map({ $0 + (index * T + start) * T }) else { return }
                    let (rows, last) = (min(height, T - start), min(start + height, T) - 1)
                    let keys =
                        form.visible(start, length: length).lowerBound..<form.visible(last, length: length).upperBound
                    let rest = scores(
                        q + place.query + start * queryWidth, rows: rows, k + place.key + keys.lowerBound * keyWidth,
                        columns: keys.count, square + keys.lowerBound)
                    for row in 0..<rows {
                        let (scores, seen) = (square + row * T, form.visible(start + row, length: length))
                        let first = scores + seen.lowerBound
                        softmax_forward(first, rest, first, 1, seen.count, seen.count, 0)
                        scores.update(repeating: 0, count: seen.lowerBound)
                        (scores + seen.upperBound).update(repeating: 0, count: T - seen.upperBound)
                    }
                    gemm(
                        false, false, rows, E, keys.count, alpha: 1, square + keys.lowerBound, T,
                        v + place.key + keys.lowerBound * keyWidth, keyWidth, beta: 0,
                        y + place.query + start * queryWidth, queryWidth, isShared: false)
                }
            }
        }
    }

    func backward(
        _ query: Tensor, _ key: Tensor, _ value: Tensor, _ probabilities: Tensor, _ upstream: Tensor,
        _ dquery: Tensor, _ dkey: Tensor, _ dvalue: Tensor
    ) {
        let (q, k, v, p, dy) = (query.data, key.data, value.data, probabilities.data, upstream.data)
        let (dq, dk, dv) = (dquery.data, dkey.data, dvalue.data)
        let (T, E, group) = (tokens, headWidth, form.heads / form.keyHeads)
        // The query heads that share a key head add to the same gradients: one after the other.
        parallel(lengths.count * form.keyHeads, cost: 0.3 * Double(T * T * E * group)) { range in
            let square = UnsafeMutablePointer<Float>.allocate(capacity: 2 * T * T)
            defer { square.deallocate() }
            for (index, member) in range.flatMap({ shared in (0..<group).map { (shared * group + $0, $0) } }) {
                let (place, chances) = (places(index), p + index * T * T)
                let kept: Float = member == 0 ? 0 : 1
                gemm(
                    true, false, T, E, T, alpha: 1, chances, T, dy + place.query, queryWidth, beta: kept,
                    dv + place.key, keyWidth, isShared: false)
                gemm(
                    false, true, T, T, E, alpha: 1, dy + place.query, queryWidth, v + place.key, keyWidth, beta: 0,
                    square, T, isShared: false)
                softmax_backward(chances, square, form.cap == nil ? scale : 1, square, T, T)
                if let cap = form.cap {
                    _ = scores(q + place.query, rows: T, k + place.key, columns: T, square + T * T)
                    soft_cap_backward(square + T * T, scale, cap, square, square, T * T)
                }
                gemm(
                    false, false, T, E, T, alpha: 1, square, T, k + place.key, keyWidth, beta: 0, dq + place.query,
                    queryWidth, isShared: false)
                gemm(
                    true, false, T, E, T, alpha: 1, square, T, q + place.query, queryWidth, beta: kept, dk + place.key,
                    keyWidth, isShared: false)
            }
        }
    }
}
