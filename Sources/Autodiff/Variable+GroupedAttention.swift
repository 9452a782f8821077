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
        // The way back needs the probabilities of every head; a frozen network keeps none.
        let probabilities =
            [query, key, value].contains(where: \.needsGradient)
            ? Tensor(uninitialized: [problem.chanceCount], in: workspace) : nil
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

/// The strides of one attention: every (sequence, key head) is a problem of its own, with G = H/K query heads.
private struct GroupedAttentionProblem {
    let form: GroupedAttention
    /// Of each sequence: its tokens, the first of them, and where the probabilities of its heads, [H, T, T], begin.
    let sequences: [(tokens: Int, start: Int, chances: Int)]
    /// Of all sequences.
    let chanceCount: Int
    /// E, G, and the row lengths H·E and K·E
    let headWidth: Int, group: Int, queryWidth: Int, keyWidth: Int, scale: Float

    init(_ form: GroupedAttention, queryWidth: Int, keyWidth: Int, _ lengths: [Int]) {
        self.form = form
        (self.queryWidth, self.keyWidth) = (queryWidth, keyWidth)
        (headWidth, group) = (queryWidth / form.heads, form.heads / form.keyHeads)
        scale = form.scale ?? 1 / Float(headWidth).squareRoot()
        var (start, chances) = (0, 0)
        sequences = lengths.map { tokens in
            defer { (start, chances) = (start + tokens, chances + form.heads * tokens * tokens) }
            return (tokens, start, chances)
        }
        chanceCount = chances
    }

    /// The scores of some rows, capped where the form says so, in `square`; returns what is left of the scale.
    private func scores(
        _ q: UnsafePointer<Float>, _ queryStride: Int, rows: Int, _ k: UnsafePointer<Float>, columns: Int,
        _ square: UnsafeMutablePointer<Float>
    ) -> Float {
        gemm(
            false, true, rows, columns, headWidth, alpha: 1, q, queryStride, k, keyWidth, beta: 0, square, columns,
            isShared: false)
        guard let cap = form.cap else { return scale }
        soft_cap_forward(square, scale, cap, square, rows * columns)
        return 1
    }

    /// Some tokens of a sequence that are computed together, for all query heads of a key head.
    private struct Block {
        let sequence: Int, keyHead: Int, tokens: Range<Int>
    }

    /// Few tokens where each sees another part.
    private var blocks: [Block] {
        let height = max(16, (form.isCausal || form.window != nil ? 128 : 512) / group)
        return sequences.indices.flatMap { sequence in
            let T = sequences[sequence].tokens
            return (0..<form.keyHeads).flatMap { head in
                stride(from: 0, to: T, by: height).map {
                    Block(sequence: sequence, keyHead: head, tokens: $0..<min(T, $0 + height))
                }
            }
        }
    }

    func forward(_ query: Tensor, _ key: Tensor, _ value: Tensor, _ probabilities: Tensor?, _ result: Tensor) {
        let (q, k, v, p, y) = (query.data, key.data, value.data, probabilities?.data, result.data)
        let (E, G, blocks) = (headWidth, group, blocks)
        let longest = sequences.lazy.map(\.tokens).max() ?? 0
        let highest = blocks.lazy.map(\.tokens.count).max() ?? 0
        parallel(blocks.count, cost: 0.05 * Double(G * highest * longest * E)) { range in
            // The rows of G heads one behind the other: what they ask and find, [G·rows, E], and their scores.
            let memory = UnsafeMutablePointer<Float>.allocate(capacity: G * highest * (E + longest))
            defer { memory.deallocate() }
            let (rows, square) = (memory, memory + G * highest * E)
            for block in blocks[range] {
                let (sequence, tokens) = (sequences[block.sequence], block.tokens)
                let (height, T) = (tokens.count, sequence.tokens)
                let keys =
                    form.visible(
                        tokens.lowerBound, length: T
                    ).lowerBound..<form.visible(tokens.upperBound - 1, length: T).upperBound
                let own = (sequence.start + tokens.lowerBound) * queryWidth + block.keyHead * G * E
                let other = (sequence.start + keys.lowerBound) * keyWidth + block.keyHead * E
                for (head, row) in (0..<G).flatMap({ head in (0..<height).map { (head, $0) } }) {
                    (rows + (head * height + row) * E).update(from: q + own + row * queryWidth + head * E, count: E)
                }
                let rest = scores(rows, E, rows: G * height, k + other, columns: keys.count, square)
                for row in 0..<G * height {
                    let seen = form.visible(tokens.lowerBound + row % height, length: T)
                    let line = square + row * keys.count
                    let (before, count) = (seen.lowerBound - keys.lowerBound, seen.count)
                    softmax_forward(line + before, rest, line + before, 1, count, count, 0)
                    line.update(repeating: 0, count: before)
                    (line + before + count).update(repeating: 0, count: keys.count - before - count)
                }
                if let p {
                    for row in 0..<G * height {
                        let head = block.keyHead * G + row / height
                        let line = p + sequence.chances + (head * T + tokens.lowerBound + row % height) * T
                        line.update(repeating: 0, count: T)
                        (line + keys.lowerBound).update(from: square + row * keys.count, count: keys.count)
                    }
                }
                gemm(
                    false, false, G * height, E, keys.count, alpha: 1, square, keys.count, v + other, keyWidth, beta: 0,
                    rows, E, isShared: false)
                for (head, row) in (0..<G).flatMap({ head in (0..<height).map { (head, $0) } }) {
                    (y + own + row * queryWidth + head * E).update(from: rows + (head * height + row) * E, count: E)
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
        let (E, longest) = (headWidth, sequences.lazy.map(\.tokens).max() ?? 0)
        // The query heads that share a key head add to the same gradients: one after the other.
        parallel(
            sequences.count * form.keyHeads, cost: 0.3 * Double(longest * longest * E * group)
        ) { range in
            let square = UnsafeMutablePointer<Float>.allocate(capacity: 2 * longest * longest)
            defer { square.deallocate() }
            for (shared, member) in range.flatMap({ shared in (0..<group).map { (shared, $0) } }) {
                let (sequence, keyHead) = (sequences[shared / form.keyHeads], shared % form.keyHeads)
                let (T, head) = (sequence.tokens, keyHead * group + member)
                let own = sequence.start * queryWidth + head * E
                let other = sequence.start * keyWidth + keyHead * E
                let chances = p + sequence.chances + head * T * T
                let kept: Float = member == 0 ? 0 : 1
                gemm(
                    true, false, T, E, T, alpha: 1, chances, T, dy + own, queryWidth, beta: kept, dv + other, keyWidth,
                    isShared: false)
                gemm(
                    false, true, T, T, E, alpha: 1, dy + own, queryWidth, v + other, keyWidth, beta: 0, square, T,
                    isShared: false)
                softmax_backward(chances, square, form.cap == nil ? scale : 1, square, T, T)
                if let cap = form.cap {
                    _ = scores(q + own, queryWidth, rows: T, k + other, columns: T, square + T * T)
                    soft_cap_backward(square + T * T, scale, cap, square, square, T * T)
                }
                gemm(
                    false, false, T, E, T, alpha: 1, square, T, k + other, keyWidth, beta: 0, dq + own, queryWidth,
                    isShared: false)
                gemm(
                    true, false, T, E, T, alpha: 1, square, T, q + own, queryWidth, beta: kept, dk + other, keyWidth,
                    isShared: false)
            }
        }
    }
}
