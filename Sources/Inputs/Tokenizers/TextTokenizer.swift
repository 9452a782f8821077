/// A tokenizer put together of parts, as Hugging Face's are: texts that are one token, normaliser, division, model, marks.
public struct TextTokenizer: SubwordTokenizer {
    /// What a tokenizer is made of.
    struct Parts: Sendable {
        /// What is done to a text before all else.
        var cleaning: TextCleaning?
        /// Texts that are one token, looked for before the normaliser and after it.
        var whole: WholePieces?
        var normalisedWhole: WholePieces?
        var normaliser: TextNormaliser?
        /// Of stretches that follow a token which was found before it, where it is another.
        var laterNormaliser: TextNormaliser?
        var division: TextDivision?
        let model: any PieceModel
        /// The ids before and behind those of a text.
        var before: [Int32] = []
        var after: [Int32] = []
        /// Whether a text that ends with the mark gets no second one.
        var endsOnce = false
        var padding: Int32 = 0
        /// One more than the highest id.
        let vocabularySize: Int
        /// Whether a text that is too long loses its beginning, and whether a text that is filled up is filled up there.
        var cutsStart = false
        var fillsStart = false
    }

    public let maximumLength: Int
    /// Whether every text is filled up to the most tokens with padding, which then counts as tokens.
    public let fillsLength: Bool
    public var vocabularySize: Int { parts.vocabularySize }
    public var padding: Int32 { parts.padding }
    private let parts: Parts
    private let cache = WordCache()

    init(_ parts: Parts, maximumLength: Int, fillsLength: Bool = false) {
        precondition(maximumLength >= 2, "a text needs room for its marks")
        (self.parts, self.maximumLength, self.fillsLength) = (parts, maximumLength, fillsLength)
    }

    public func encode(_ text: String) -> (ids: [Int32], isCut: Bool) {
        let room = max(0, maximumLength - parts.before.count - parts.after.count)
        var ids: [Int32] = []
        append(Array((parts.cleaning?(text) ?? text).utf8), to: &ids, atMost: parts.cutsStart ? .max : room)
        let isCut = ids.count > room
        if parts.endsOnce, !isCut, let last = ids.last, [last] == parts.after { ids.removeLast() }
        var row = parts.before + (parts.cutsStart ? ids.suffix(room) : ids.prefix(room)) + parts.after
        if fillsLength, row.count < maximumLength {
            let filling = [Int32](repeating: padding, count: maximumLength - row.count)
            row = parts.fillsStart ? filling + row : row + filling
        }
        return (row, isCut)
    }

    /// Appends a text's ids, or so many of them that there are more than `limit`.
    private func append(_ text: [UInt8], to ids: inout [Int32], atMost limit: Int) {
        for part in parts.whole?.parts(of: text) ?? [.stretch(text.indices)] where ids.count <= limit {
            switch part {
            case .whole(let id): ids.append(id)
            case .stretch(let range):
                let bytes = Array(text[range])
                let later = range.lowerBound > 0 ? parts.laterNormaliser : nil
                let normalised = (later ?? parts.normaliser)?(bytes) ?? bytes
                appendNormalised(normalised, isFirst: range.lowerBound == 0, to: &ids, atMost: limit)
            }
        }
    }

    private func appendNormalised(_ text: [UInt8], isFirst: Bool, to ids: inout [Int32], atMost limit: Int) {
        for part in parts.normalisedWhole?.parts(of: text) ?? [.stretch(text.indices)] where ids.count <= limit {
            switch part {
            case .whole(let id): ids.append(id)
            case .stretch(let range) where !range.isEmpty:
                let stretch = TextStretch(bytes: text[range], isFirst: isFirst && range.lowerBound == 0)
                for word in parts.division?([stretch]) ?? [stretch] where ids.count <= limit {
                    cache.append(word.bytes, by: parts.model, to: &ids)
                }
            case .stretch: break
            }
        }
    }
}
