/// GitHub-flavoured Markdown: tables with alignment, notes as paragraphs, pictures as links to their files.
public struct MarkdownFormat: ReplyFormat {
    public init() {}

    public func text(_ reply: Reply) -> String {
        reply.blocks.map { block in
            switch block {
            case .note(let text): text
            case .table(let table): self.text(table)
            case .chart(let chart): self.text(chart.isBrief ? chart.ends : chart.table)
            case .matrix(let matrix): self.text(matrix.table)
            case .diagram(let diagram): "```\n\(diagram.text())\n```"
            case .pictures(let thumbnails): thumbnails.compactMap(self.text).joined(separator: "\n")
            }
        }.joined(separator: "\n\n")
    }

    private func text(_ table: Table) -> String {
        let rule = table.columns.indices.map { table.alignment(ofColumn: $0) == .trailing ? "---:" : "---" }
        let lines = [table.columns.map { escaped($0.name) }, rule] + table.cells().map { $0.map(escaped) }
        let title = table.title.map { "**\(escaped($0))**\n\n" } ?? ""
        return title + lines.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
    }

    /// A picture that has a file, by its name.
    private func text(_ thumbnail: Thumbnail) -> String? {
        thumbnail.path.map { "![\(escaped(thumbnail.caption))](<\($0)>)" }
    }

    private func escaped(_ cell: String) -> String {
        cell.reduce(into: "") { result, character in
            switch character {
            case "|", "\\", "*", "_", "`", "<", "[", "]": result += "\\\(character)"
            case _ where character.isNewline: result += "<br>"
            default: result.append(character)
            }
        }
    }
}
