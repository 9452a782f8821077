internal import Autodiff
internal import Inputs
internal import Tensors

extension EmbedderSettings.Pooling {
    /// One vector a text, of its tokens from the `skipped`-th on: [B, D].
    func callAsFunction(_ states: TokenStates, skipped: Int) -> Variable {
        // A text of nothing but prompt keeps its last token.
        let counted = states.rows.map { ($0, $0.lowerBound + min(skipped, $0.count - 1)..<$0.upperBound) }
        if self == .max { return states.values.maxPooled(counted.map(\.1)) }
        return states.values.pooled(counted.map { text, tokens in weights(of: tokens, in: text) })
    }

    /// The tokens of a text that count, and how much.
    private func weights(of tokens: Range<Int>, in text: Range<Int>) -> [(token: Int, weight: Float)] {
        let count = Float(tokens.count)
        switch self {
        case .mean: return tokens.map { ($0, 1 / count) }
        case .meanRootLength: return tokens.map { ($0, 1 / count.squareRoot()) }
        case .weightedMean:
            func position(_ token: Int) -> Float { Float(token - text.lowerBound + 1) }
            let total = tokens.reduce(0) { $0 + position($1) }
            return tokens.map { ($0, position($0) / total) }
        // Of those the largest; no sum is meant.
        case .max: return tokens.map { ($0, 1) }
        case .last: return [(tokens.upperBound - 1, 1)]
        case .first: return [(tokens.lowerBound, 1)]
        }
    }
}

/// Rows of ids in batches, by their numbers: rows of similar length share a batch.
///
/// - `tokensInBatch`: the most tokens of a batch, padding included: bounds memory.
/// - `isPadded`: whether each row of a batch is computed at the length of the longest.
func forEachBatch(
    of rows: [[Int32]], tokensInBatch: Int, isPadded: Bool, _ body: ([Int]) throws -> Void
) rethrows {
    let order = rows.indices.sorted { (rows[$0].count, $0) < (rows[$1].count, $1) }
    var start = 0
    while start < order.count {
        var (end, tokens) = (start + 1, rows[order[start]].count)
        while end < order.count {
            let count = rows[order[end]].count
            tokens = isPadded ? count * (end + 1 - start) : tokens + count
            guard tokens <= tokensInBatch else { break }
            end += 1
        }
        try body(Array(order[start..<end]))
        start = end
    }
}
