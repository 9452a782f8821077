internal import Autodiff
internal import Inputs
internal import Tensors

extension EmbedderSettings.Pooling {
    /// One vector a text, of its tokens from the `skipped`-th on: [B, T, D] -> [B, D].
    func callAsFunction(_ states: Tensor, lengths: [Int], skipped: Int) -> Tensor {
        let (T, D) = (states.shape[1], states.shape[2])
        let result = Tensor.zeros([states.shape[0], D])
        for (b, length) in lengths.enumerated() {
            let (source, target) = (states.data + b * T * D, result.data + b * D)
            // A text of nothing but prompt keeps its last token.
            let first = min(skipped, length - 1)
            let chosen =
                switch self {
                case .mean, .weightedMean: first..<length
                case .last: length - 1..<length
                case .first: first..<first + 1
                }
            let weights = chosen.map { self == .weightedMean ? Float($0 - first + 1) : 1 }
            let total = weights.reduce(0, +)
            for (token, weight) in zip(chosen, weights) {
                for column in 0..<D { target[column] += weight / total * source[token * D + column] }
            }
        }
        return result
    }
}

/// Rows of ids in batches, by their numbers: rows of similar length share a batch, so that little is padding.
///
/// - Parameter tokensInBatch: the most tokens of a batch, padding included: bounds memory.
func forEachBatch(of rows: [[Int32]], tokensInBatch: Int, _ body: ([Int]) throws -> Void) rethrows {
    let order = rows.indices.sorted { (rows[$0].count, $0) < (rows[$1].count, $1) }
    var start = 0
    while start < order.count {
        var end = start + 1
        while end < order.count, rows[order[end]].count * (end + 1 - start) <= tokensInBatch { end += 1 }
        try body(Array(order[start..<end]))
        start = end
    }
}
