internal import CKernels
internal import Tensors

/// One attention: every (sequence, head) is a problem of its own, [S, E] against [T, E] with rows D apart. Scores are there
/// for some rows of a head at a time and computed again on the way back, so memory is linear in the tokens (Dao et al.,
/// 2022, arXiv 2205.14135).
struct AttentionProblem {
    /// B, S, T, D, H, E
    private let batch: Int, queries: Int, keys: Int, width: Int, heads: Int, headWidth: Int
    private let scale: Float
    private let mask: AttentionMask
    /// [H, S, T], over the scale
    private let bias: Tensor?
    /// Rows that are computed together: few, where each sees another part.
    private let height: Int

    init(_ query: Shape, keys: Int, heads: Int, mask: AttentionMask, bias: Tensor?) {
        (batch, queries, self.keys, width, self.heads, self.mask) = (query[0], query[1], keys, query[2], heads, mask)
        headWidth = width / heads
        scale = 1 / Float(headWidth).squareRoot()
        self.bias = bias?.scaled(by: 1 / scale)
        height = min(queries, mask == .causal ? 48 : 96)
    }

    /// Rows of the scores of a head, and how many leading keys the last of them sees.
    private struct Block {
        let rows: Range<Int>
        let keys: Int
        /// From one row of the scores to the next: whole vectors.
        var stride: Int { max(16, (keys + 15) & ~15) }
    }

    private func visible(_ row: Int, of sequence: Int) -> Int {
        mask == .causal ? row + 1 : mask.visible(sequence, of: keys)
    }

    private func blocks(of sequence: Int) -> [Block] {
        stride(from: 0, to: queries, by: height).map { start in
            let rows = start..<min(queries, start + height)
            return Block(rows: rows, keys: visible(rows.upperBound - 1, of: sequence))
        }
    }

    /// Memory of one thread: keys and values of a head turned over, [E, T], and scores of a block, twice.
    private final class Scratch {
        let keys: UnsafeMutablePointer<Float>, values: UnsafeMutablePointer<Float>
        let chances: UnsafeMutablePointer<Float>, slopes: UnsafeMutablePointer<Float>
        private let memory: UnsafeMutableRawPointer

        init(_ problem: AttentionProblem) {
            let (side, square) = (problem.headWidth * problem.turnedStride, problem.height * problem.turnedStride)
            memory = .allocate(byteCount: 8 * (side + square), alignment: 64)
            keys = memory.bindMemory(to: Float.self, capacity: 2 * (side + square))
            values = keys + side
            chances = values + side
            slopes = chances + square
        }

        deinit { memory.deallocate() }
    }

    private var turnedStride: Int { max(16, (keys + 15) & ~15) }

    private func offset(_ index: Int, of tokens: Int) -> Int {
        index / heads * tokens * width + index % heads * headWidth
    }

    private func turn(_ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>) {
        transposed(x, width, y, turnedStride, keys, headWidth)
    }

    /// The probabilities of a block from the queries of its rows and all keys [E, T].
    private func chances(
        _ block: Block, of index: Int, _ q: UnsafePointer<Float>, _ turnedKeys: UnsafePointer<Float>,
        into square: UnsafeMutablePointer<Float>
    ) {
        let (count, stride) = (block.keys, block.stride)
        if let bias {
            for row in block.rows {
                (square + (row - block.rows.lowerBound) * stride).update(
                    from: bias.data + (index % heads * queries + row) * keys, count: count)
            }
        }
        product(
            q, width, 1, turnedKeys, turnedStride, square, stride, block.rows.count, count, headWidth,
            adds: bias != nil)
        for row in block.rows {
            let scores = square + (row - block.rows.lowerBound) * stride
            let seen = visible(row, of: index / heads)
            // Behind the last key up to a whole vector: chances of 0.
            let padded = (seen + 15) & ~15
            (scores + seen).update(repeating: -.infinity, count: padded - seen)
            softmax_forward(scores, scale, scores, 1, stride, padded, 0)
        }
    }

    func forward(_ query: Tensor, _ key: Tensor, _ value: Tensor, _ result: Tensor) {
        let (q, k, v, y) = (query.data, key.data, value.data, result.data)
        parallel(batch * heads, cost: 0.05 * Double(queries * keys * headWidth)) { range in
            let scratch = Scratch(self)
            for index in range {
                let other = offset(index, of: keys)
                turn(k + other, into: scratch.keys)
                for block in blocks(of: index / heads) {
                    let start = offset(index, of: queries) + block.rows.lowerBound * width
                    chances(block, of: index, q + start, scratch.keys, into: scratch.chances)
                    product(
                        scratch.chances, block.stride, 1, v + other, width, y + start, width, block.rows.count,
                        headWidth, block.keys, adds: false)
                }
            }
        }
    }

    func backward(
        _ query: Tensor, _ key: Tensor, _ value: Tensor, _ upstream: Tensor, _ dquery: Tensor, _ dkey: Tensor,
        _ dvalue: Tensor
    ) {
        let (q, k, v, dy) = (query.data, key.data, value.data, upstream.data)
        let (dq, dk, dv) = (dquery.data, dkey.data, dvalue.data)
        let (E, D) = (headWidth, width)
        parallel(batch * heads, cost: 0.15 * Double(queries * keys * E)) { range in
            let scratch = Scratch(self)
            let (p, ds) = (scratch.chances, scratch.slopes)
            for index in range {
                let other = offset(index, of: keys)
                turn(k + other, into: scratch.keys)
                turn(v + other, into: scratch.values)
                for row in 0..<keys {
                    (dk + other + row * D).update(repeating: 0, count: E)
                    (dv + other + row * D).update(repeating: 0, count: E)
                }
                for block in blocks(of: index / heads) {
                    let start = offset(index, of: queries) + block.rows.lowerBound * D
                    let (rows, count, stride) = (block.rows.count, block.keys, block.stride)
                    chances(block, of: index, q + start, scratch.keys, into: p)
                    product(p, 1, stride, dy + start, D, dv + other, D, count, E, rows, adds: true)
                    product(
                        dy + start, D, 1, scratch.values, turnedStride, ds, stride, rows, count, E, adds: false)
                    for row in 0..<rows { (ds + row * stride + count).update(repeating: 0, count: stride - count) }
                    softmax_backward(p, ds, scale, ds, rows, stride)
                    product(ds, stride, 1, k + other, D, dq + start, D, rows, E, count, adds: false)
                    product(ds, 1, stride, q + start, D, dk + other, D, count, E, rows, adds: true)
                }
            }
        }
    }

    /// c [m, n] = a b, or + a b; element (i, l) of a lies at i · row + l · column, rows of b and c lie apart as told.
    private func product(
        _ a: UnsafePointer<Float>, _ row: Int, _ column: Int, _ b: UnsafePointer<Float>, _ bRow: Int,
        _ c: UnsafeMutablePointer<Float>, _ cRow: Int, _ m: Int, _ n: Int, _ k: Int, adds: Bool
    ) {
        if AttentionProblem.hasSmallProducts {
            small_product(a, row, column, b, bRow, c, cRow, m, n, k, adds ? 1 : 0)
        } else {
            let isTurned = column != 1
            gemm(
                isTurned, false, m, n, k, alpha: 1, a, isTurned ? column : row, b, bRow, beta: adds ? 1 : 0, c, cRow,
                isShared: false)
        }
    }

    private static let hasSmallProducts = small_products_are_native() != 0
}
