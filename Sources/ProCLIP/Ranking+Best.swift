public import Tensors

extension Ranking {
    /// For each query `[Q, D]` its `count` best candidates `[C, D]` by the product with it, the best first; equal ones stand
    /// in the order of the candidates. Throws `EvaluationError` for empty sides, values that are not finite, other widths.
    public static func best(
        _ count: Int, of queries: Tensor, among candidates: Tensor
    ) throws -> [[(candidate: Int, score: Float)]] {
        try queries.requireFeatures("queries")
        try candidates.requireFeatures("candidates")
        guard queries.shape[1] == candidates.shape[1] else {
            throw EvaluationError.mismatched("queries and candidates", queries.shape, candidates.shape)
        }
        return stride(from: 0, to: queries.shape[0], by: blockRows).flatMap { start in
            let block = queries.rows(start..<min(start + blockRows, queries.shape[0]))
            let scores = Tensor.matmul(block, candidates, transposeB: true)
            return (0..<block.shape[0]).map { row in
                let values = scores.rows(row..<row + 1).values
                return best(count, of: values)
            }
        }
    }

    /// The greatest values with their places: one pass that keeps the best so far in order.
    private static func best(_ count: Int, of values: [Float]) -> [(candidate: Int, score: Float)] {
        var kept: [(candidate: Int, score: Float)] = []
        for (candidate, score) in values.enumerated() {
            if kept.count == count {
                guard let last = kept.last, score > last.score else { continue }
                kept.removeLast()
            }
            var (low, high) = (0, kept.count)
            while low < high {
                let middle = (low + high) / 2
                if kept[middle].score >= score { low = middle + 1 } else { high = middle }
            }
            kept.insert((candidate, score), at: low)
        }
        return kept
    }
}
