/// Texts that are one token wherever they stand: names of marks, user-defined pieces, added tokens.
struct WholePieces: Sendable {
    /// Such a text, and what is asked of its surroundings.
    struct Piece: Sendable {
        var text: [UInt8]
        let id: Int32
        /// It counts only where no word goes on before and behind it.
        var isSingleWord = false
        /// It takes the white space before and behind it.
        var stripsLeft = false
        var stripsRight = false
    }

    private let pieces: [Piece]
    private let trie: PieceTrie

    /// nil where they are too many or too long. Of equal ones the last counts.
    init?(_ pieces: [Piece]) {
        guard let trie = PieceTrie(pieces.indices.map { (pieces[$0].text, Int32($0)) }) else { return nil }
        (self.pieces, self.trie) = (pieces, trie)
    }

    /// A part of a text.
    enum Part {
        case whole(Int32)
        case stretch(Range<Int>)
    }

    /// A text's parts in order: of such texts the leftmost and longest, and the stretches between.
    func parts(of bytes: [UInt8]) -> [Part] {
        if pieces.isEmpty { return bytes.isEmpty ? [] : [.stretch(bytes.indices)] }
        var parts: [Part] = []
        var (start, position) = (0, 0)
        while position < bytes.count {
            guard let (index, end) = bytes.withUnsafeBytes({ trie.longest(in: $0, from: position) }) else {
                position += 1
                continue
            }
            let piece = pieces[Int(index)]
            let match = position..<end
            position = end
            if piece.isSingleWord, Self.isInWord(match, of: bytes) { continue }
            let taken = Self.stripped(match, by: piece, in: bytes)
            let first = max(start, taken.lowerBound)
            if start < first { parts.append(.stretch(start..<first)) }
            parts.append(.whole(piece.id))
            start = taken.upperBound
        }
        if start < bytes.count { parts.append(.stretch(start..<bytes.count)) }
        return parts
    }

    private static func isInWord(_ match: Range<Int>, of bytes: [UInt8]) -> Bool {
        let before = characterStart(before: match.lowerBound, in: bytes).flatMap { character(at: $0, of: bytes) }
        return [before, character(at: match.upperBound, of: bytes)].contains { $0?.isWordCharacter == true }
    }

    private static func stripped(_ match: Range<Int>, by piece: Piece, in bytes: [UInt8]) -> Range<Int> {
        var (start, end) = (match.lowerBound, match.upperBound)
        while piece.stripsLeft, let before = characterStart(before: start, in: bytes),
            character(at: before, of: bytes)?.properties.isWhitespace == true
        {
            start = before
        }
        while piece.stripsRight, let next = UTF8Characters(bytes[end...]).first(where: { _ in true }),
            next.scalar.properties.isWhitespace
        {
            end = next.range.upperBound
        }
        return start..<end
    }

    private static func characterStart(before place: Int, in bytes: [UInt8]) -> Int? {
        bytes[..<place].lastIndex { $0 & 0xc0 != 0x80 }
    }

    private static func character(at place: Int, of bytes: [UInt8]) -> Unicode.Scalar? {
        UTF8Characters(bytes[place...]).first { _ in true }?.scalar
    }
}

extension Unicode.Scalar {
    /// As regular expressions see it (Unicode Technical Standard 18, annex C).
    fileprivate var isWordCharacter: Bool {
        switch properties.generalCategory {
        case .decimalNumber, .connectorPunctuation: true
        default: isMark || properties.isAlphabetic || properties.isJoinControl
        }
    }
}
