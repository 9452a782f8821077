extension Diagnostic {
    /// The longest piece of a source line that is shown, in columns.
    private static let windowWidth = 120

    /// The source line, carets under the span with the sentence behind them, then the way out and the code.
    public func rendered() -> String {
        let prefix = linePrefix
        let (line, caretStart, caretWidth) = window()
        let carets = String(repeating: "^", count: caretWidth)
        let lead = String(repeating: " ", count: DisplayWidth.of(prefix) + caretStart)
        let code = "        [\(code.rawValue)]"
        var text = "\(prefix)\(line)\n\(lead)\(carets) \(message)"
        if let wayOut {
            text += "\n" + String(repeating: " ", count: DisplayWidth.of(prefix)) + wayOut
        }
        return text + code
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
    private func window() -> (line: String, caretStart: Int, caretWidth: Int) {
        let lineSpan = source.lineSpan(around: span.start)
        // Reading a few bytes around the span is enough, however long the line is.
        let reach = Diagnostic.windowWidth * 4
        let before = source.text(of: Span(max(lineSpan.start, span.start - reach), span.start))
        let marked = source.text(of: Span(span.start, min(span.end, lineSpan.end, span.start + reach)))
        let after = source.text(
            of: Span(max(span.start, min(span.end, lineSpan.end)), min(lineSpan.end, span.end + reach)))
        let head = DisplayWidth.clipped(DisplayWidth.printable(before), toLast: Diagnostic.windowWidth / 2)
        let middle = DisplayWidth.clipped(DisplayWidth.printable(marked), toFirst: Diagnostic.windowWidth / 2)
        let tail = DisplayWidth.clipped(DisplayWidth.printable(after), toFirst: Diagnostic.windowWidth / 2)
        return (head + middle + tail, DisplayWidth.of(head), max(1, DisplayWidth.of(middle)))
    }
}
