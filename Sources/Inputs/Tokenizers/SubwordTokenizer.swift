/// A language model's tokenizer.
public protocol SubwordTokenizer: Tokenizer {
    var vocabularySize: Int { get }
    /// The most tokens of a text, marks included.
    var maximumLength: Int { get }
    /// The id of padding.
    var padding: Int32 { get }
    /// One text's ids with its marks, and whether it lost its end.
    func encode(_ text: String) -> (ids: [Int32], isCut: Bool)
}

extension SubwordTokenizer {
    public func encode(_ texts: [String]) -> TokenBatch {
        let rows = texts.map { encode($0) }
        return batch(rows.map(\.ids), cutCount: rows.count { $0.isCut })
    }

    /// Pads rows of ids into one batch.
    public func batch(_ rows: [[Int32]], cutCount: Int = 0) -> TokenBatch {
        TokenBatch(rows: rows, padding: padding, cutCount: cutCount)
    }

    /// A text's ids between its marks, cut where they are too many.
    func marked(_ ids: [Int32], before: Int32?, after: Int32?) -> (ids: [Int32], isCut: Bool) {
        let (before, after) = ([before].compactMap(\.self), [after].compactMap(\.self))
        let room = max(0, maximumLength - before.count - after.count)
        return (before + ids.prefix(room) + after, ids.count > room)
    }
}
