internal import Autodiff
internal import Inputs
internal import Tensors

extension EmbedderSettings.Pooling {
    /// One vector a text, of its tokens from the `skipped`-th on: [B, T, D] -> [B, D].
    func callAsFunction(_ states: Variable, lengths: [Int], skipped: Int) -> Variable {
        // A text of nothing but prompt keeps its last token.
        let ranges = lengths.map { min(skipped, $0 - 1)..<$0 }
        return self == .max ? states.maxPooled(ranges) : states.pooled(ranges.map(weights))
    }

    /// The tokens that count, and how much.
    private func weights(of tokens: Range<Int>) -> [(token: Int, weight: Float)] {
        let count = Float(tokens.count)
        switch self {
        case .mean: return tokens.map { ($0, 1 / count) }
        case .meanRootLength: return tokens.map { ($0, 1 / count.squareRoot()) }
        case .weightedMean:
            let total = Float(tokens.reduce(0) { $0 + $1 + 1 })
            return tokens.map { ($0, Float($0 + 1) / total) }
        // Of those the largest; no sum is meant.
        case .max: return tokens.map { ($0, 1) }
        case .last: return [(tokens.upperBound - 1, 1)]
        case .first: return [(tokens.lowerBound, 1)]
        }
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
