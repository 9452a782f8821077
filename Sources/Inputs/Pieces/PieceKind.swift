/// What a piece of a vocabulary is, by SentencePiece's numbers.
enum PieceKind: Int32, Sendable {
    case normal = 1
    case unknown
    /// A mark such as `<bos>`.
    case control
    /// A text that is never divided.
    case userDefined
    case unused
    /// `<0x41>`, a byte of a character that is no piece.
    case byte

    /// How SentencePiece writes a space.
    static let space = Array("\u{2581}".utf8)
}
