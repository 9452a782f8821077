/// A text to parse: a recipe, a literate recipe, or a statement typed at the prompt. Spans are offsets into its UTF-8 bytes.
public final class Source: Sendable {
    /// A file name, or what stands for one (`-c`, `standard input`, `In [7]`).
    public let name: String
    public let text: String
    /// The prompt that stood before the first line; diagnostics repeat it instead of `name:line: `.
    public let prompt: String?
    /// How many bytes at the beginning and at the end were not typed but stand for a habit of other prompts: diagnostics leave
    /// them out.
    private let hidden: (before: Int, behind: Int)
    /// The bytes the lexer reads: the text, with everything outside the fences of a literate recipe blanked.
    let code: [UInt8]
    /// Whether statements stand in fences only.
    public let isLiterate: Bool
    /// The fences of a literate recipe.
    let fences: [Fence]
    private let bytes: [UInt8]
    private let lineStarts: [Int]

    /// - `literate`: whether only fences of `proclip` hold statements; by default decided by the name's `.md`.
    public init(
        name: String, text: String, prompt: String? = nil, literate: Bool? = nil, hidden: (Int, Int) = (0, 0)
    ) {
        self.hidden = hidden
        self.name = name
        self.text = text
        self.prompt = prompt
        let bytes = Array(text.utf8)
        self.bytes = bytes
        lineStarts = [0] + bytes.indices.filter { bytes[$0] == UInt8(ascii: "\n") }.map { $0 + 1 }
        isLiterate = literate ?? name.hasSuffix(".md")
        fences = isLiterate ? Source.fences(bytes, lineStarts: lineStarts) : []
        code = isLiterate ? Source.code(bytes, in: fences) : bytes
    }

    /// The lines in their order, without their line ends.
    public var lines: [Span] { lineStarts.map(lineSpan(around:)) }

    /// Where the last fence of statements opens when nothing closes it.
    var openFence: Span? {
        fences.last.flatMap { $0.end == nil && $0.word == Source.statementFence ? $0.opening : nil }
    }

    /// A line's number, counted from 1, and a column in characters, counted from 1.
    public struct Position: Equatable, Sendable {
        public let line: Int
        public let column: Int
    }

    public func position(of offset: Int) -> Position {
        let line = lineIndex(of: offset)
        let before = String(decoding: bytes[lineStarts[line]..<clamp(offset)], as: UTF8.self)
        return Position(line: line + 1, column: before.count + 1)
    }

    /// The text that a span covers.
    public func text(of span: Span) -> String {
        String(decoding: bytes[clamp(span.start)..<clamp(span.end)], as: UTF8.self)
    }

    /// The bytes of the line around an offset, without its line break.
    public func lineSpan(around offset: Int) -> Span {
        let line = lineIndex(of: offset)
        var end = line + 1 < lineStarts.count ? lineStarts[line + 1] - 1 : bytes.count
        if end > lineStarts[line], bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        return Span(lineStarts[line], end)
    }

    /// The text as it was typed.
    public var typed: String { text(of: Span(hidden.before, bytes.count - hidden.behind)) }

    /// What was typed of the line around an offset.
    func typedLine(around offset: Int) -> Span {
        let line = lineSpan(around: offset)
        let end = max(line.start, min(line.end, bytes.count - hidden.behind))
        return Span(min(max(line.start, hidden.before), end), end)
    }

    /// The text with the given spans replaced: how a recipe is recorded with the parameters it ran with.
    public func replacing(_ replacements: [(span: Span, text: String)]) -> String {
        var result = ""
        var offset = 0
        for (span, replacement) in replacements.sorted(by: { $0.span.start < $1.span.start }) {
            result += text(of: Span(offset, span.start)) + replacement
            offset = span.end
        }
        return result + text(of: Span(offset, bytes.count))
    }

    private func clamp(_ offset: Int) -> Int { min(max(0, offset), bytes.count) }

    private func lineIndex(of offset: Int) -> Int {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        return low
    }
}
