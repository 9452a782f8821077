internal import Tensors

/// Where the first relevant candidate of each query stands when candidates are sorted by their product with it.
public enum Ranking {
    static let blockRows = 256

    /// Queries `[Q, D]`, candidates `[C, D]`; `relevant[q]` are the candidates that answer query q.
    ///
    /// A rank counts the other candidates that score at least as much as the best relevant one, so ties count against
    /// the model: equal features for everything give no hit. Nil for a query without an answer. Memory: 256 · C.
    static func ranks(of queries: Tensor, among candidates: Tensor, relevant: [[Int]]) -> [Int?] {
        var result: [Int?] = []
        result.reserveCapacity(queries.shape[0])
        let count = candidates.shape[0]
        let scores = Tensor(uninitialized: [min(blockRows, queries.shape[0]), count])
        var isRelevant = [Bool](repeating: false, count: count)
        for start in stride(from: 0, to: queries.shape[0], by: blockRows) {
            let block = queries.rows(start..<min(start + blockRows, queries.shape[0]))
            let target = scores.rows(0..<block.shape[0])
            Tensor.matmul(block, candidates, transposeB: true, into: target)
            for row in 0..<block.shape[0] {
                let answers = relevant[start + row]
                let values = target.data + row * count
                guard let best = answers.lazy.map({ values[$0] }).max() else {
                    result.append(nil)
                    continue
                }
                for answer in answers { isRelevant[answer] = true }
                var rank = 0
                for candidate in 0..<count where values[candidate] >= best && !isRelevant[candidate] { rank += 1 }
                for answer in answers { isRelevant[answer] = false }
                result.append(rank)
            }
        }
        return result
    }

    /// The share of ranks below k, over the queries that have an answer.
    static func recall(_ ranks: [Int?], at k: Int) -> Estimate {
        Estimate(mean: ranks.compactMap(\.self).map { $0 < k ? 1 : 0 })
    }
}
