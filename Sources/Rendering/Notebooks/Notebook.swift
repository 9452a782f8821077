import Language

/// What a session or a recipe has done: statements in canonical form with their answers, and the prose between them.
public struct Notebook: Sendable {
    public enum Cell: Sendable {
        case prose(String)
        /// Where a plain recipe begins a cell, `# %% TITLE`, and the comment below it.
        case mark(title: String, text: String)
        case code(Code)
    }

    /// A statement and its answer.
    public struct Code: Sendable {
        /// Counts the statements of a session.
        public var number: Int
        public var text: String
        public var output: Reply

        public init(number: Int, text: String, output: Reply) {
            self.number = number
            self.text = text
            self.output = output
        }
    }

    public var title: String
    public var cells: [Cell]

    public init(title: String, cells: [Cell] = []) {
        self.title = title
        self.cells = cells
    }
}

/// The files that notebooks are written to, named by their ending.
public enum NotebookFormat: String, Sendable, CaseIterable {
    case pcl, md, ipynb, html

    /// The whole file.
    public func document(_ notebook: Notebook) -> String {
        switch self {
        case .pcl: notebook.cells.map { notebook.plain($0) }.joined(separator: "\n\n") + "\n"
        case .md: notebook.markdown + "\n"
        case .ipynb: JupyterFormat().text(notebook) + "\n"
        case .html: notebook.page + "\n"
        }
    }
}

extension Notebook.Cell {
    /// Prose as Markdown, in which a cell's title is a heading; nil where there is none.
    var markdown: String? {
        switch self {
        case .prose(let text): text
        case .mark(let title, let text):
            title.isEmpty && text.isEmpty
                ? nil : [title.isEmpty ? "" : "## \(title)", text].filter { !$0.isEmpty }.joined(separator: "\n\n")
        case .code: nil
        }
    }
}

extension Reply {
    /// What files keep of an answer: the text that the shell shows, as wide as it is, without pictures.
    public var recorded: String {
        TableFormat().text(self).lines.map { line in
            var line = line
            while line.last == " " { line.removeLast() }
            return String(line)
        }.joined(separator: "\n")
    }

    /// Lines of comment behind a statement of a plain recipe.
    public var marked: String {
        let text = recorded
        guard !text.isEmpty else { return "" }
        return text.lines.map { $0.isEmpty ? Source.outputMark : "\(Source.outputMark) \($0)" }.joined(separator: "\n")
    }

    /// The fence behind a fence of statements.
    public var fenced: String {
        let text = recorded
        return text.isEmpty ? "" : Notebook.fence(Source.outputFence, text)
    }
}

extension Notebook {
    /// A fence that its content cannot close.
    public static func fence(_ word: String, _ text: String) -> String {
        let longest = text.lines.map { line in line.prefix { $0 == "`" }.count }.max() ?? 0
        let ticks = String(repeating: "`", count: max(3, longest + 1))
        return "\(ticks)\(word)\n\(text)\n\(ticks)"
    }

    fileprivate func plain(_ cell: Cell) -> String {
        switch cell {
        case .prose(let text): Notebook.comment(text)
        case .mark(let title, let text):
            [title.isEmpty ? "# %%" : "# %% \(title)", text.isEmpty ? "" : Notebook.comment(text)]
                .filter { !$0.isEmpty }.joined(separator: "\n")
        case .code(let code): [code.text, code.output.marked].filter { !$0.isEmpty }.joined(separator: "\n")
        }
    }

    private static func comment(_ text: String) -> String {
        text.lines.map { $0.isEmpty ? "#" : "# \($0)" }.joined(separator: "\n")
    }

    /// Statements that answer nothing share the fence of the next one.
    fileprivate var markdown: String {
        var parts: [String] = []
        var waiting: [String] = []
        func flush() {
            if !waiting.isEmpty { parts.append(Notebook.fence(Source.statementFence, waiting.joined(separator: "\n"))) }
            waiting = []
        }
        for cell in cells {
            switch cell {
            case .prose, .mark:
                flush()
                if let text = cell.markdown { parts.append(text) }
            case .code(let code):
                waiting.append(code.text)
                let output = code.output.fenced
                guard !output.isEmpty else { continue }
                flush()
                parts.append(output)
            }
        }
        flush()
        return parts.joined(separator: "\n\n")
    }

    /// One page that needs no other file.
    fileprivate var page: String {
        let format = HTMLFormat()
        let parts = cells.compactMap { cell -> String? in
            switch cell {
            case .prose, .mark: return cell.markdown.map(ProsePage.html)
            case .code(let code):
                let label = "<span class=\"number\">In [\(code.number)]</span>"
                let input = "<pre class=\"code\">\(label) \(HTMLFormat.escaped(code.text))</pre>"
                let output = format.text(code.output)
                return output.isEmpty ? input : "\(input)\n<div class=\"output\">\n\(output)\n</div>"
            }
        }
        // A notebook that begins with a heading of its own has a title.
        let isTitled = if case .prose(let text)? = cells.first { text.hasPrefix("# ") } else { false }
        let heading = title.isEmpty || isTitled ? "" : "<h1>\(HTMLFormat.escaped(title))</h1>\n"
        return HTMLFormat.head(title: title) + heading + parts.joined(separator: "\n")
    }
}

extension String {
    fileprivate var lines: [Substring] { split(separator: "\n", omittingEmptySubsequences: false) }
}
