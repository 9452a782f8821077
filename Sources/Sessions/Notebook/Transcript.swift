internal import Language
public import Rendering

/// What a session has done so far: the statements that succeeded, in canonical form, with their answers.
public struct Transcript: Sendable {
    public struct Entry: Sendable {
        /// The number that stood at the prompt; elsewhere that of its first statement in the session.
        public let number: Int
        public let statement: String
        public let output: Reply
        public let seconds: Double
        /// Where it was written.
        let source: Source
        let span: Span
        /// What `set tolerance` said.
        let tolerance: Double
    }

    public internal(set) var entries: [Entry] = []

    /// The entries as a notebook, with the prose of the files that they come from.
    public func notebook(title: String) -> Notebook {
        var notebook = Notebook(title: title)
        var prose: ArraySlice<(text: String, span: Span)> = []
        var current: Source?
        func tell(upTo offset: Int) {
            while let next = prose.first, next.span.start < offset {
                notebook.cells.append(.prose(next.text))
                prose = prose.dropFirst()
            }
        }
        for entry in entries {
            if entry.source !== current {
                tell(upTo: .max)
                prose = entry.source.prompt == nil ? entry.source.prose[...] : []
                current = entry.source
            }
            tell(upTo: entry.span.start)
            notebook.cells.append(
                .code(Notebook.Code(number: entry.number, text: entry.statement, output: entry.output)))
        }
        tell(upTo: .max)
        return notebook
    }
}

extension Session {
    /// Keeps a statement that succeeded, and writes it to the log where one is kept.
    func keep(_ entry: Transcript.Entry) throws {
        transcript.entries.append(entry)
        try transcriptLog?.append(entry)
    }
}
