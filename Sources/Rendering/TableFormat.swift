/// Plain text for terminals: framed tables, wide characters counted as two columns.
public struct TableFormat: ReplyFormat {
    /// Long texts are wrapped and what is still too wide is cut into tables one below the other, so that all fits so many
    /// columns; nil leaves every line whole.
    public var width: Int?
    public var isASCII: Bool
    /// How pictures are shown; nil leaves them out.
    public var graphics: TerminalGraphics?

    /// By how many colours lines of charts and cells of heat maps are told apart.
    public var colours: ColourDepth

    public init(
        width: Int? = nil, isASCII: Bool = false, graphics: TerminalGraphics? = nil, colours: ColourDepth = .none
    ) {
        self.colours = colours
        self.width = width
        self.isASCII = isASCII
        self.graphics = graphics
    }

    public func text(_ reply: Reply) -> String {
        reply.blocks.compactMap { block in
            switch block {
            case .note(let text): self.text(note: text)
            case .table(let table): self.text(table)
            case .chart(let chart): self.text(chart)
            case .matrix(let matrix):
                isASCII || matrix.isSmall
                    ? self.text(matrix.table) : matrix.shaded(width: width ?? 100, colours: colours)
            case .diagram(let diagram): diagram.text(isASCII: isASCII)
            case .pictures(let thumbnails): graphics?.text(thumbnails, width: width ?? 80)
            }
        }.joined(separator: "\n")
    }

    private func text(note: String) -> String {
        guard let width else { return note }
        return note.split(separator: "\n", omittingEmptySubsequences: false).flatMap { line in
            String(line).wrapped(toWidth: width, indent: line.prefix { $0 == " " }.count + 2)
        }.joined(separator: "\n")
    }

    private func text(_ chart: Chart) -> String {
        if isASCII { return text(chart.table) }
        return chart.isBrief ? text(chart.summary()) : chart.text(width: min(100, width ?? 80), colours: colours)
    }

    /// Rows as a list whose second column is wrapped, to 80 columns where no terminal says how many there are.
    private func listed(_ table: Table) -> String {
        let rows = table.cells()
        let margin = min(Self.widestTerm, rows.map { $0[0].displayWidth }.max() ?? 0) + 4
        return rows.map { cells in
            let details = cells.dropFirst().dropLast().filter { !$0.isEmpty }.joined(separator: "; ")
            let meaning = (cells.count > 1 ? cells.last ?? "" : "") + (details.isEmpty ? "" : " (\(details))")
            let term = "  " + cells[0]
            let lines = meaning.wrapped(toWidth: max(Self.leastWidth, (width ?? 80) - margin))
            let indent = "\n" + String(repeating: " ", count: margin)
            let lead = term.displayWidth + 2 > margin ? term + indent : term.padded(toWidth: margin)
            return lead + lines.joined(separator: indent)
        }.joined(separator: "\n")
    }

    /// Longer ones stand on a line of their own.
    private static let widestTerm = 24

    func text(_ table: Table) -> String {
        if table.layout == .listing {
            return ((table.title.map { [text(note: $0)] } ?? []) + [listed(table)]).joined(separator: "\n")
        }
        let headings = table.columns.map(\.name)
        let cells = table.cells().map { $0.map(Self.lines) }
        let alignments = headings.indices.map(table.alignment(ofColumn:))
        let widths = fitted(
            headings.indices.map { index in
                ([headings[index]] + cells.flatMap { $0[index] }).map(\.displayWidth).max() ?? 0
            }, isText: alignments.map { $0 == .leading })
        let parts = parts(widths).map { columns in
            framed(
                [headings.map { [$0] }] + cells, columns: columns, widths: widths, alignments: alignments)
        }
        return ((table.title.map { [text(note: $0)] } ?? []) + parts).joined(separator: "\n")
    }

    /// Some columns of rows of cells of lines in a frame; the first row is the head.
    private func framed(
        _ rows: [[[String]]], columns: [Int], widths: [Int], alignments: [Column.Alignment]
    ) -> String {
        let frame = isASCII ? Frame.ascii : Frame.box
        func lines(_ row: [[String]]) -> [String] {
            let wrapped = columns.map { column in
                row[column].flatMap { $0.wrapped(toWidth: widths[column], breaksWords: true) }
            }
            return (0..<max(1, wrapped.map(\.count).max() ?? 1)).map { line in
                let cells = zip(columns, wrapped).map { column, lines in
                    (line < lines.count ? lines[line] : "").padded(toWidth: widths[column], alignments[column])
                }
                return "\(frame.vertical) \(cells.joined(separator: " \(frame.vertical) ")) \(frame.vertical)"
            }
        }
        func rule(_ joints: Frame.Joints) -> String {
            let dashes = columns.map { String(repeating: frame.horizontal, count: widths[$0] + 2) }
            return joints.left + dashes.joined(separator: joints.middle) + joints.right
        }
        let head = [rule(frame.top)] + rows.prefix(1).flatMap(lines) + [rule(frame.between)]
        return (head + rows.dropFirst().flatMap(lines) + [rule(frame.bottom)]).joined(separator: "\n")
    }

    private static func lines(_ cell: String) -> [String] { cell.split(whereSeparator: \.isNewline).map(String.init) }

    /// Takes columns away from the widest text column until the table fits; never below `leastWidth`.
    private func fitted(_ natural: [Int], isText: [Bool]) -> [Int] {
        guard let width else { return natural }
        var widths = natural
        while widths.reduce(1, { $0 + $1 + 3 }) > width {
            let candidates = widths.indices.filter { isText[$0] && widths[$0] > Self.leastWidth }
            guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { break }
            widths[widest] -= 1
        }
        return widths
    }

    private static let leastWidth = 12

    /// The columns of each table that stand one below the other; the first column begins each.
    private func parts(_ widths: [Int]) -> [[Int]] {
        guard let width, let first = widths.first else { return [Array(widths.indices)] }
        var parts = [[0]]
        var used = first + 4
        for (column, own) in widths.enumerated().dropFirst() {
            if used + own + 3 > width, parts[parts.count - 1].count > 1 {
                parts.append([0])
                used = first + 4
            }
            parts[parts.count - 1].append(column)
            used += own + 3
        }
        return parts
    }
}

private struct Frame {
    typealias Joints = (left: String, middle: String, right: String)
    let horizontal: String
    let vertical: String
    let top: Joints
    let between: Joints
    let bottom: Joints

    static let box = Frame(
        horizontal: "─", vertical: "│", top: ("┌", "┬", "┐"), between: ("├", "┼", "┤"), bottom: ("└", "┴", "┘"))
    static let ascii = Frame(
        horizontal: "-", vertical: "|", top: ("+", "+", "+"), between: ("+", "+", "+"), bottom: ("+", "+", "+"))
}
