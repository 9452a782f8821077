internal import Language
public import Rendering

/// What a session has done so far: the statements that succeeded, in canonical form, with their answers, and the prose
/// around them.
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

    enum Item: Sendable {
        case prose(Source.Passage)
        case entry(Entry)

        var cell: Notebook.Cell {
            switch self {
            case .prose(let passage) where passage.beginsCell:
                let lines = passage.text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
                return .mark(title: String(lines[0]), text: lines.count > 1 ? String(lines[1]) : "")
            case .prose(let passage): return .prose(passage.text)
            case .entry(let entry):
                return .code(Notebook.Code(number: entry.number, text: entry.statement, output: entry.output))
            }
        }
    }

    /// The entries and the prose around them, in their order.
    private(set) var items: [Item] = []
    public private(set) var entries: [Entry] = []

    mutating func append(_ item: Item) {
        items.append(item)
        if case .entry(let entry) = item { entries.append(entry) }
    }

    public func notebook(title: String) -> Notebook { Notebook(title: title, cells: items.map(\.cell)) }
}

extension Session {
    /// Keeps prose or a statement that succeeded, and writes it to the log where one is kept.
    func keep(_ item: Transcript.Item) throws {
        transcript.append(item)
        try transcriptLog?.append(item)
    }
}
