public import Foundation

/// A SentencePiece vocabulary, whatever file it comes from.
public struct PieceVocabulary: Sendable {
    /// What a piece is, by SentencePiece's numbers.
    public enum Kind: Int32, Sendable {
        case normal = 1
        case unknown
        /// A mark such as `<bos>`.
        case control
        /// A text that is never divided.
        case userDefined
        case unused
        /// `<0x41>`, a byte of a character that is no piece.
        case byte
    }

    public let pieces: [Data]
    public let scores: [Float]
    public let kinds: [Kind]
    public let start: Int32?
    public let end: Int32?
    public let unknown: Int32?
    public let padding: Int32
    /// Whether texts begin with `start`, end with `end`, and are read as if a space stood before them.
    public let addsStart: Bool
    public let addsEnd: Bool
    public let addsSpace: Bool

    public init(
        pieces: [Data], scores: [Float], kinds: [Kind], start: Int32?, end: Int32?, unknown: Int32?, padding: Int32?,
        addsStart: Bool, addsEnd: Bool, addsSpace: Bool
    ) {
        self.pieces = pieces
        self.scores = scores
        self.kinds = kinds
        self.start = start
        self.end = end
        self.unknown = unknown
        self.padding = padding ?? end ?? 0
        self.addsStart = addsStart
        self.addsEnd = addsEnd
        self.addsSpace = addsSpace
    }
}
