/// What a recipe says to people: Markdown between its fences, or comments.
extension Source {
    /// A run of whole lines of comment, or Markdown outside the fences of statements and outputs.
    public struct Passage: Equatable, Sendable {
        public let text: String
        public let span: Span
        /// Whether it begins a cell of a plain recipe (`# %% TITLE`): its first line is the title.
        public let beginsCell: Bool
    }

    private static let cellMark = "# %%"

    /// The passages in their order.
    public var prose: [Passage] { isLiterate ? fencedProse : commentedProse }

    /// The comments beside statements, from `#` to the end of the line; kept outputs are none.
    public var comments: [Span] {
        guard code.contains(UInt8(ascii: "#")) else { return [] }
        return Parser.comments(in: self).filter { !text(of: $0).hasPrefix(Source.outputMark) }
    }

    /// Whether nothing but white space stands before a comment in its line.
    public func isWholeLine(_ comment: Span) -> Bool {
        text(of: Span(lineSpan(around: comment.start).start, comment.start)).allSatisfy(\.isWhitespace)
    }

    private var fencedProse: [Passage] {
        var passages: [Passage] = []
        var start = 0
        func add(upTo end: Int) {
            let span = Span(start, end)
            let passage = String(text(of: span).trimming(while: \.isWhitespace))
            if !passage.isEmpty { passages.append(Passage(text: passage, span: span, beginsCell: false)) }
        }
        for fence in fences where [Source.statementFence, Source.outputFence].contains(fence.word) {
            add(upTo: fence.opening.start)
            start = fence.end ?? text.utf8.count
        }
        add(upTo: text.utf8.count)
        return passages
    }

    /// Comments in lines that follow each other are one passage; the mark of a cell begins another.
    private var commentedProse: [Passage] {
        var passages: [Passage] = []
        var open: (lines: [String], span: Span, beginsCell: Bool)?
        func close() {
            guard let (lines, span, beginsCell) = open else { return }
            let all = lines.joined(separator: "\n")
            let text = beginsCell ? all : String(all.trimming(while: \.isWhitespace))
            if beginsCell || !text.isEmpty {
                passages.append(Passage(text: text, span: span, beginsCell: beginsCell))
            }
            open = nil
        }
        for comment in comments where isWholeLine(comment) {
            let written = text(of: comment)
            let beginsCell = written.hasPrefix(Source.cellMark)
            let between = Span(open?.span.end ?? 0, comment.start)
            if beginsCell || text(of: between).count(where: { $0.isNewline }) > 1 { close() }
            let line = Source.unmarked(written, beginsCell ? Source.cellMark : "#")
            open = (
                (open?.lines ?? []) + [line], open?.span.joined(with: comment) ?? comment,
                open?.beginsCell ?? beginsCell
            )
        }
        close()
        return passages
    }

    /// What stands behind a mark and a space, without white space at the end.
    static func unmarked(_ line: String, _ mark: String) -> String {
        var content = line.dropFirst(mark.count)
        if content.hasPrefix(" ") { content = content.dropFirst() }
        while let last = content.last, last.isWhitespace { content.removeLast() }
        return String(content)
    }
}

extension StringProtocol {
    fileprivate func trimming(while condition: (Character) -> Bool) -> SubSequence {
        var rest = self.drop(while: condition)
        while let last = rest.last, condition(last) { rest.removeLast() }
        return rest
    }
}
