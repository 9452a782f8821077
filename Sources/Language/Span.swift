/// A half-open range of UTF-8 byte offsets in a source's text.
public struct Span: Equatable, Hashable, Sendable, Codable {
    public let start: Int
    public let end: Int

    public init(_ start: Int, _ end: Int) {
        self.start = start
        self.end = max(start, end)
    }

    /// The smallest span that covers both.
    public func joined(with other: Span) -> Span {
        Span(min(start, other.start), max(end, other.end))
    }
}
