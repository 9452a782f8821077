extension Diagnostic {
    /// The longest piece of a source line that is shown, in columns.
    private static let longestWindow = 120

    /// The source line, carets under the span with the sentence behind them, then the way out and the code.
    /// - Parameter width: of the terminal, in columns. The source line is cut to it, and a sentence that does not fit
    ///   behind the carets stands below them.
    public func rendered(width: Int = .max) -> String {
        let prefix = linePrefix
        let margin = DisplayWidth.of(prefix)
        let (line, caretStart, caretWidth) = window(columns: max(40, min(Self.longestWindow, width - margin)))
        let indent = String(repeating: " ", count: margin)
        let carets = String(repeating: " ", count: caretStart) + String(repeating: "^", count: caretWidth)
        let isBeside = margin + caretStart + caretWidth + 1 + DisplayWidth.of(message) <= width
        var text = "\(prefix)\(line)\n\(indent)\(carets)\(isBeside ? " " : "\n" + indent)\(message)"
        if let wayOut { text += "\n\(indent)\(wayOut)" }
        return text + "        [\(code.rawValue)]"
    }

    /// What stands before the source line: the prompt it was typed at, or the file's name and line.
    private var linePrefix: String {
        let line = source.position(of: span.start).line
        guard let prompt = source.prompt else { return "\(source.name):\(line): " }
        if line == 1 { return prompt }
        let dots = "...: "
        return String(repeating: " ", count: max(0, DisplayWidth.of(prompt) - dots.count)) + dots
    }

    /// The suggestions and the help in one line.
    private var wayOut: String? {
        guard !suggestions.isEmpty else { return help }
        let question = "did you mean: \(suggestions.joined(separator: " or "))?"
        return help.map { "\(question)   (\($0))" } ?? question
    }

    /// The source line, cut to a window around the span when it is long, with the column and the width of the carets.
    private func window(columns: Int) -> (line: String, caretStart: Int, caretWidth: Int) {
        let lineSpan = source.typedLine(around: span.start)
        let start = min(max(span.start, lineSpan.start), lineSpan.end)
        let end = max(start, min(span.end, lineSpan.end))
        // Reading a few bytes around the span is enough, however long the line is.
        let reach = columns * 4
        let before = source.text(of: Span(max(lineSpan.start, start - reach), start))
        let marked = source.text(of: Span(start, min(end, start + reach)))
        let after = source.text(of: Span(end, min(lineSpan.end, end + reach)))
        let head = DisplayWidth.clipped(DisplayWidth.printable(before), toLast: columns / 2)
        let middle = DisplayWidth.clipped(DisplayWidth.printable(marked), toFirst: columns / 2 - 1)
        let (caretStart, caretWidth) = (DisplayWidth.of(head), DisplayWidth.of(middle))
        let tail = DisplayWidth.clipped(DisplayWidth.printable(after), toFirst: columns - caretStart - caretWidth)
        return (head + middle + tail, caretStart, max(1, caretWidth))
    }
}
