internal import CKernels
internal import Tensors

/// One attention of grouped heads: every (sequence, key head) is a problem of its own, with G = H/K query heads. Scores are
/// there for some tokens at a time, of all G heads, and computed again on the way back, so memory is linear in the tokens.
struct GroupedAttentionProblem {
    private let form: GroupedAttention
    /// Of each sequence: its tokens, and the first of them.
    private let sequences: [(tokens: Int, start: Int)]
    /// E, G, and the row lengths H·E and K·E
    private let headWidth: Int, group: Int, queryWidth: Int, keyWidth: Int
    private let scale: Float
    /// Tokens that are computed together: few where each sees another part.
    private let height: Int

    init(_ form: GroupedAttention, queryWidth: Int, keyWidth: Int, _ lengths: [Int]) {
        self.form = form
        (self.queryWidth, self.keyWidth) = (queryWidth, keyWidth)
        (headWidth, group) = (queryWidth / form.heads, form.heads / form.keyHeads)
        scale = form.scale ?? 1 / Float(headWidth).squareRoot()
        height = max(16, (form.isCausal || form.window != nil ? 256 : 512) / group)
        var start = 0
        sequences = lengths.map { tokens in
            defer { start += tokens }
            return (tokens, start)
        }
    }

    /// Some tokens of a sequence with all query heads of a key head, [G·rows, E], and the keys that they see.
    private struct Block {
        /// Of the sequence.
        let length: Int
        let tokens: Range<Int>, keys: Range<Int>
        /// Where the first row of queries and of keys begins.
        let query: Int, key: Int
    }

    private func blocks(of sequence: Int, _ keyHead: Int) -> [Block] {
        let (T, start) = sequences[sequence]
        return stride(from: 0, to: T, by: height).map { first in
            let tokens = first..<min(T, first + height)
            let keys =
                form.visible(first, length: T).lowerBound..<form.visible(tokens.upperBound - 1, length: T).upperBound
            return Block(
                length: T, tokens: tokens, keys: keys,
                query: (start + first) * queryWidth + keyHead * group * headWidth,
                key: (start + keys.lowerBound) * keyWidth + keyHead * headWidth)
        }
    }

    /// Memory of one thread: rows of a block, one head behind the other, twice, and its scores, capped
    /// where the form says so, as probabilities, and their gradient. Without a cap the first two share a place.
    private final class Scratch {
        let rows: UnsafeMutablePointer<Float>, others: UnsafeMutablePointer<Float>
        let scores: UnsafeMutablePointer<Float>, chances: UnsafeMutablePointer<Float>
        let slopes: UnsafeMutablePointer<Float>

        init(_ problem: GroupedAttentionProblem) {
            let tokens = problem.sequences.lazy.map(\.tokens).max() ?? 0
            let height = problem.group * min(problem.height, tokens)
            let (side, square) = (height * problem.headWidth, height * tokens)
            rows = .allocate(capacity: 2 * side + (problem.form.cap == nil ? 2 : 3) * square)
            others = rows + side
            slopes = others + side
            chances = slopes + square
            scores = problem.form.cap == nil ? chances : chances + square
        }

        deinit { rows.deallocate() }
    }

    /// Each row of a block in `x`, rows of H·E, and in memory of its own, [G·rows, E].
    private func eachRow(_ block: Block, _ body: (_ ofAll: Int, _ own: Int) -> Void) {
        let count = block.tokens.count
        for row in 0..<group * count {
            body(block.query + row % count * queryWidth + row / count * headWidth, row * headWidth)
        }
    }

    private func gather(_ x: UnsafePointer<Float>, _ block: Block, into rows: UnsafeMutablePointer<Float>) {
        eachRow(block) { (rows + $1).update(from: x + $0, count: headWidth) }
    }

    private func scatter(_ rows: UnsafePointer<Float>, _ block: Block, into x: UnsafeMutablePointer<Float>) {
        eachRow(block) { (x + $0).update(from: rows + $1, count: headWidth) }
    }

    /// The probabilities of a block, [G·rows, keys], whose queries stand in `scratch.rows`; capped scores stay.
    private func chances(_ block: Block, _ k: UnsafePointer<Float>, _ scratch: Scratch) {
        let (height, count) = (group * block.tokens.count, block.keys.count)
        gemm(
            false, true, height, count, headWidth, alpha: 1, scratch.rows, headWidth, k + block.key, keyWidth, beta: 0,
            scratch.scores, count, isShared: false)
        if let cap = form.cap { soft_cap_forward(scratch.scores, scale, cap, scratch.scores, height * count) }
        for row in 0..<height {
            let seen = form.visible(block.tokens.lowerBound + row % block.tokens.count, length: block.length)
            let line = scratch.chances + row * count
            let before = seen.lowerBound - block.keys.lowerBound
            softmax_forward(
                scratch.scores + row * count + before, form.cap == nil ? scale : 1, line + before, 1, seen.count,
                seen.count, 0)
            line.update(repeating: 0, count: before)
            (line + before + seen.count).update(repeating: 0, count: count - before - seen.count)
        }
    }

    func forward(_ query: Tensor, _ key: Tensor, _ value: Tensor, _ result: Tensor) {
        let (q, k, v, y) = (query.data, key.data, value.data, result.data)
        let all = sequences.indices.flatMap { sequence in
            (0..<form.keyHeads).flatMap { blocks(of: sequence, $0) }
        }
        let longest = sequences.lazy.map(\.tokens).max() ?? 0
        parallel(all.count, cost: 0.05 * Double(group * min(height, longest) * longest * headWidth)) { range in
            let scratch = Scratch(self)
            for block in all[range] {
                gather(q, block, into: scratch.rows)
                chances(block, k, scratch)
                gemm(
                    false, false, group * block.tokens.count, headWidth, block.keys.count, alpha: 1, scratch.chances,
                    block.keys.count, v + block.key, keyWidth, beta: 0, scratch.rows, headWidth, isShared: false)
                scatter(scratch.rows, block, into: y)
            }
        }
    }

    /// The query heads that share a key head add to the same gradients: they and their blocks are one after the other.
    func backward(
        _ query: Tensor, _ key: Tensor, _ value: Tensor, _ upstream: Tensor, _ dquery: Tensor, _ dkey: Tensor,
        _ dvalue: Tensor
    ) {
        let (dk, dv) = (dkey.data, dvalue.data)
        dk.update(repeating: 0, count: dkey.shape.count)
        dv.update(repeating: 0, count: dvalue.shape.count)
        let longest = sequences.lazy.map(\.tokens).max() ?? 0
        parallel(
            sequences.count * form.keyHeads, cost: 0.3 * Double(longest * longest * headWidth * group)
        ) { range in
            let scratch = Scratch(self)
            for problem in range {
                for block in blocks(of: problem / form.keyHeads, problem % form.keyHeads) {
                    gather(query.data, block, into: scratch.rows)
                    gather(upstream.data, block, into: scratch.others)
                    backward(block, key.data, value.data, dk + block.key, dv + block.key, scratch)
                    scatter(scratch.others, block, into: dquery.data)
                }
            }
        }
    }

    /// Of a block whose queries stand in `scratch.rows` and gradients of its results in `others`, where in the end those of
    /// the queries are.
    private func backward(
        _ block: Block, _ k: UnsafePointer<Float>, _ v: UnsafePointer<Float>, _ dk: UnsafeMutablePointer<Float>,
        _ dv: UnsafeMutablePointer<Float>, _ scratch: Scratch
    ) {
        let (height, count, E) = (group * block.tokens.count, block.keys.count, headWidth)
        let (p, ds) = (scratch.chances, scratch.slopes)
        chances(block, k, scratch)
        gemm(
            true, false, count, E, height, alpha: 1, p, count, scratch.others, E, beta: 1, dv, keyWidth,
            isShared: false)
        gemm(
            false, true, height, count, E, alpha: 1, scratch.others, E, v + block.key, keyWidth, beta: 0, ds, count,
            isShared: false)
        softmax_backward(p, ds, form.cap == nil ? scale : 1, ds, height, count)
        if let cap = form.cap { soft_cap_backward(scratch.scores, scale, cap, ds, ds, height * count) }
        gemm(
            false, false, height, E, count, alpha: 1, ds, count, k + block.key, keyWidth, beta: 0, scratch.others, E,
            isShared: false)
        gemm(
            true, false, count, E, height, alpha: 1, ds, count, scratch.rows, E, beta: 1, dk, keyWidth,
            isShared: false)
    }
}
