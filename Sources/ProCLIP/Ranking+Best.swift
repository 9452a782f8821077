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
                let order = values.indices.sorted { (values[$1], $0) < (values[$0], $1) }
                return order.prefix(count).map { ($0, values[$0]) }
            }
        }
    }
}
