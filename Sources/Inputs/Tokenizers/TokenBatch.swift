/// Token ids of a batch of texts, `[B, T]` row-major, each row padded at its end to the longest row of the batch.
public struct TokenBatch: Equatable, Sendable {
    /// B·T ids.
    public let ids: [Int32]
    /// How many ids of each row are tokens; the rest is padding.
    public let lengths: [Int]
    /// T, the length of the longest row.
    public let tokenCount: Int
    /// How many texts were longer than the model's limit and lost their end.
    public let cutCount: Int

    /// B, the number of texts.
    public var batchSize: Int { lengths.count }

    /// Pads the rows with `padding` to the length of the longest.
    public init(rows: [[Int32]], padding: Int32, cutCount: Int = 0) {
        let longest = rows.lazy.map(\.count).max() ?? 0
        var ids: [Int32] = []
        ids.reserveCapacity(rows.count * longest)
        for row in rows {
            ids += row
            ids += repeatElement(padding, count: longest - row.count)
        }
        self.ids = ids
        lengths = rows.map(\.count)
        tokenCount = longest
        self.cutCount = cutCount
    }

    /// The tokens of one text, without padding.
    public subscript(row: Int) -> ArraySlice<Int32> {
        ids[row * tokenCount..<row * tokenCount + lengths[row]]
    }
}
