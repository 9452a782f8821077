internal import CKernels
internal import Tensors

/// Where the first relevant candidate of each query stands when candidates are sorted by their product with it.
public enum Ranking {
    static let blockRows = 1024

    /// Queries `[Q, D]`, candidates `[C, D]`; `relevant[q]` are the candidates that answer query q.
    ///
    /// A rank counts the other candidates that score at least as much as the best relevant one, so ties count against
    /// the model: equal features for everything give no hit. Nil for a query without an answer. Memory: 1024 · C.
    static func ranks(of queries: Tensor, among candidates: Tensor, relevant: [[Int]]) -> [Int?] {
        let count = candidates.shape[0]
        let scores = Tensor(uninitialized: [min(blockRows, queries.shape[0]), count])
        return stride(from: 0, to: queries.shape[0], by: blockRows).flatMap { start in
            let block = queries.rows(start..<min(start + blockRows, queries.shape[0]))
            Tensor.matmul(block, candidates, transposeB: true, into: scores.rows(0..<block.shape[0]))
            return [Int?](unsafeUninitializedCapacity: block.shape[0]) { ranks, initialized in
                initialized = block.shape[0]
                parallel(block.shape[0], cost: 0.1 * Double(count)) { range in
                    for row in range {
                        ranks.initializeElement(
                            at: row, to: rank(of: relevant[start + row], scores.data + row * count, count))
                    }
                }
            }
        }
    }

    private static func rank(of answers: [Int], _ values: UnsafePointer<Float>, _ count: Int) -> Int? {
        guard let best = answers.lazy.map({ values[$0] }).max() else { return nil }
        var atLeast: Int32 = 0
        count_at_least(values, best, count, &atLeast)
        return Int(atLeast) - Set(answers).count { values[$0] >= best }
    }

    /// The share of ranks below k, over the queries that have an answer.
    static func recall(_ ranks: [Int?], at k: Int) -> Estimate {
        Estimate(mean: ranks.compactMap(\.self).map { $0 < k ? 1 : 0 })
    }
}
