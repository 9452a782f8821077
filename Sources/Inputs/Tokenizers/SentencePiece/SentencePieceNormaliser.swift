/// What SentencePiece does to a text before it looks for pieces.
struct SentencePieceNormaliser: Sendable {
    /// Which characters are replaced by what.
    var map: CharacterMap?
    /// Texts that are left as they are.
    let userDefined: PieceTrie
    /// Whether texts are read as if a space stood before them (or behind, where spaces end words).
    var addsSpace = true
    var removesExtraSpaces = true
    /// Whether spaces are written as U+2581.
    var escapesSpaces = true
    var isSpaceBehind = false

    func callAsFunction(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(3 * text.count)
        let space = escapesSpaces ? PieceKind.space : [0x20]
        text.withUnsafeBytes { text in
            var position = 0
            if removesExtraSpaces {
                while position < text.count {
                    let (prefix, count) = self.prefix(of: UnsafeRawBufferPointer(rebasing: text[position...]))
                    guard prefix.elementsEqual([0x20]) else { break }
                    position += count
                }
                if position == text.count { return }
            } else if text.isEmpty {
                return
            }
            if addsSpace, !isSpaceBehind { result += space }
            var wasSpace = removesExtraSpaces
            while position < text.count {
                let (prefix, count) = self.prefix(of: UnsafeRawBufferPointer(rebasing: text[position...]))
                let kept = wasSpace ? prefix.drop { $0 == 0x20 } : prefix
                for byte in kept { if byte == 0x20 { result += space } else { result.append(byte) } }
                if let last = kept.last { wasSpace = removesExtraSpaces && last == 0x20 }
                position += count
            }
            while removesExtraSpaces, result.suffix(space.count).elementsEqual(space) { result.removeLast(space.count) }
            if addsSpace, isSpaceBehind { result += space }
        }
        return result
    }

    /// What a text's beginning becomes, and how long that is.
    private func prefix(of text: UnsafeRawBufferPointer) -> (bytes: ArraySlice<UInt8>, count: Int) {
        if let (_, end) = userDefined.longest(in: text, from: 0) { return (Array(text[..<end])[...], end) }
        if let replaced = map?.replacement(of: text, .longest) { return replaced }
        var end = 1
        while end < text.count, text[end] & 0xc0 == 0x80 { end += 1 }
        return (Array(text[..<end])[...], end)
    }
}
