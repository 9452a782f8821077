/// Comma-separated values (RFC 4180), numbers in full precision, a blank line between tables.
///
/// Pictures and diagrams are left out, and notes beside a table; alone, as `print` answers, each line is a record of one value.
public struct CSVFormat: ReplyFormat {
    public init() {}

    public func text(_ reply: Reply) -> String {
        let tables = reply.blocks.compactMap { block -> Table? in
            switch block {
            case .note, .diagram, .pictures: nil
            case .table(let table): table
            case .chart(let chart): chart.table
            case .matrix(let matrix): matrix.table
            }
        }
        if !tables.isEmpty { return tables.map(text).joined(separator: "\n\n") }
        return reply.blocks.flatMap { block -> [String] in
            guard case .note(let note) = block else { return [] }
            return note.split(separator: "\n", omittingEmptySubsequences: false).map { quoted(String($0)) }
        }.joined(separator: "\n")
    }

    private func text(_ table: Table) -> String {
        ([table.columns.map { quoted($0.name) }] + table.rows.map { $0.map(value) })
            .map { $0.joined(separator: ",") }.joined(separator: "\n")
    }

    private func value(_ scalar: Scalar) -> String {
        switch scalar {
        case .number(let value): value.isFinite ? value.description : NumberStyle.significant(4).text(value)
        case .integer(let value): String(value)
        case .text(let value): quoted(value)
        case .boolean(let value): String(value)
        case .missing: ""
        }
    }

    private func quoted(_ text: String) -> String {
        let needsQuotes = text.unicodeScalars.contains { ",\"\n\r".unicodeScalars.contains($0) }
        guard needsQuotes else { return text }
        return "\"" + text.flatMap { $0 == "\"" ? "\"\"" : String($0) } + "\""
    }
}
