/// The outputs that a recipe keeps beside its statements, and the prose between them.
///
/// In Markdown they are the fence ```` ```output ```` behind a fence of statements; in a plain recipe they are lines that
/// begin with `#>`, comments to the parser, behind the statements they belong to.
extension Source {
    /// What the beginning of a line says in a plain recipe.
    public static let outputMark = "#>"
    private static let cellMark = "# %%"

    /// A run of statements and what a file keeps of their answer.
    public struct Group: Equatable, Sendable {
        /// Where its statements end.
        public let statements: Span
        /// The answer as text; nil where the file keeps none.
        public let output: String?
        /// What a new output takes the place of.
        public let place: Span
    }

    /// The groups in their order; in a plain recipe those alone that have an output.
    public var groups: [Group] { isLiterate ? fencedGroups : markedGroups }

    /// The passages of prose: Markdown outside the fences of statements and outputs, or runs of comments.
    public var prose: [(text: String, span: Span)] {
        isLiterate ? fencedProse : comments
    }

    private var fencedGroups: [Group] {
        fences.enumerated().compactMap { index, fence in
            guard fence.word == Source.statementFence, let end = fence.end else { return nil }
            let next = index + 1 < fences.count ? fences[index + 1] : nil
            guard let next, next.word == Source.outputFence, let outputEnd = next.end,
                text(of: Span(end, next.opening.start)).allSatisfy(\.isWhitespace)
            else { return Group(statements: fence.content, output: nil, place: Span(end, end)) }
            return Group(statements: fence.content, output: text(of: next.content), place: Span(end, outputEnd))
        }
    }

    private var fencedProse: [(text: String, span: Span)] {
        var passages: [(text: String, span: Span)] = []
        var start = 0
        func add(upTo end: Int) {
            let span = Span(start, end)
            let passage = String(text(of: span).trimming(while: \.isWhitespace))
            if !passage.isEmpty { passages.append((passage, span)) }
        }
        for fence in fences where [Source.statementFence, Source.outputFence].contains(fence.word) {
            add(upTo: fence.opening.start)
            start = fence.end ?? text.utf8.count
        }
        add(upTo: text.utf8.count)
        return passages
    }

    /// An output belongs to the statements that end in the last line of text above it.
    private var markedGroups: [Group] {
        var groups: [Group] = []
        var above = Span(0, 0)
        var output: (lines: [String], span: Span)?
        func close() {
            guard let (lines, place) = output else { return }
            groups.append(Group(statements: above, output: lines.joined(separator: "\n"), place: place))
            output = nil
        }
        for line in lines {
            let written = text(of: line)
            if written.hasPrefix(Source.outputMark) {
                let place = Span(line.start, min(line.end + 1, text.utf8.count))
                output = (
                    (output?.lines ?? []) + [unmarked(written, Source.outputMark)],
                    output?.span.joined(with: place) ?? place
                )
            } else {
                close()
                if !written.allSatisfy(\.isWhitespace) { above = line }
            }
        }
        close()
        return groups
    }

    /// What stands behind a mark and a space.
    private func unmarked(_ line: String, _ mark: String) -> String {
        let content = line.dropFirst(mark.count)
        return String(content.hasPrefix(" ") ? content.dropFirst() : content)
    }

    private var comments: [(text: String, span: Span)] {
        var passages: [(text: String, span: Span)] = []
        var passage: (lines: [String], span: Span)?
        func close() {
            guard let (lines, span) = passage else { return }
            let text = String(lines.joined(separator: "\n").trimming(while: \.isWhitespace))
            if !text.isEmpty { passages.append((text, span)) }
            passage = nil
        }
        for line in lines {
            let written = text(of: line)
            let isComment = written.hasPrefix("#") && !written.hasPrefix(Source.outputMark)
            guard isComment else {
                close()
                continue
            }
            if written.hasPrefix(Source.cellMark) { close() }
            let text = unmarked(written, written.hasPrefix(Source.cellMark) ? Source.cellMark : "#")
            passage = ((passage?.lines ?? []) + [text], passage?.span.joined(with: line) ?? line)
        }
        close()
        return passages
    }
}

extension StringProtocol {
    fileprivate func trimming(while condition: (Character) -> Bool) -> SubSequence {
        var rest = self.drop(while: condition)
        while let last = rest.last, condition(last) { rest.removeLast() }
        return rest
    }
}
