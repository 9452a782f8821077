/// The outputs that a recipe keeps beside its statements.
///
/// In Markdown they are the fence ```` ```output ```` behind a fence of statements; in a plain recipe they are lines that
/// begin with `#>`, comments to the parser, behind the statements they belong to.
extension Source {
    /// What the beginning of a line says in a plain recipe.
    public static let outputMark = "#>"

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
                    (output?.lines ?? []) + [Source.unmarked(written, Source.outputMark)],
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
}
