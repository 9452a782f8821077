/// Plain text for terminals: framed tables, wide characters counted as two columns.
public struct TableFormat: ReplyFormat {
    /// Text columns are shortened until the table fits so many columns; nil leaves every cell whole.
    public var width: Int?
    public var isASCII: Bool
    /// How pictures are shown; nil leaves them out.
    public var graphics: TerminalGraphics?

    /// Whether lines of charts are told apart by colours.
    public var usesColour: Bool

    public init(
        width: Int? = nil, isASCII: Bool = false, graphics: TerminalGraphics? = nil, usesColour: Bool = false
    ) {
        self.usesColour = usesColour
        self.width = width
        self.isASCII = isASCII
        self.graphics = graphics
    }

    public func text(_ reply: Reply) -> String {
        reply.blocks.compactMap { block in
            switch block {
            case .note(let text): text
            case .table(let table): self.text(table)
            case .chart(let chart): self.text(chart)
            case .matrix(let matrix):
                isASCII || matrix.isSmall ? self.text(matrix.table) : matrix.shaded(width: width ?? 100)
            case .diagram(let diagram): diagram.text(isASCII: isASCII)
            case .pictures(let thumbnails): graphics?.text(thumbnails, width: width ?? 80)
            }
        }.joined(separator: "\n")
    }

    private func text(_ chart: Chart) -> String {
        if isASCII { return text(chart.table) }
        return chart.isBrief ? text(chart.summary()) : chart.text(width: min(100, width ?? 80), usesColour: usesColour)
    }

    func text(_ table: Table) -> String {
        let headings = table.columns.map(\.name)
        let cells = table.cells().map { $0.map { $0.map { $0.isNewline ? " " : $0 } }.map { String($0) } }
        let alignments = headings.indices.map(table.alignment(ofColumn:))
        let widths = fitted(
            headings.indices.map { index in
                ([headings[index]] + cells.map { $0[index] }).map(\.displayWidth).max() ?? 0
            }, isText: alignments.map { $0 == .leading })
        let frame = isASCII ? Frame.ascii : Frame.box

        func row(_ values: [String]) -> String {
            let padded = values.indices.map { index in
                values[index].truncated(toWidth: widths[index]).padded(toWidth: widths[index], alignments[index])
            }
            let line = padded.joined(separator: " \(frame.vertical) ")
            return "\(frame.vertical) \(line) \(frame.vertical)"
        }
        func rule(_ joints: (left: String, middle: String, right: String)) -> String {
            let dashes = widths.map { String(repeating: frame.horizontal, count: $0 + 2) }
            return joints.left + dashes.joined(separator: joints.middle) + joints.right
        }
        let head = [rule(frame.top), row(headings), rule(frame.between)]
        return ((table.title.map { [$0] } ?? []) + head + cells.map(row) + [rule(frame.bottom)])
            .joined(separator: "\n")
    }

    /// Takes columns away from the widest text column until the table fits; never below eight.
    private func fitted(_ natural: [Int], isText: [Bool]) -> [Int] {
        guard let width else { return natural }
        var widths = natural
        while widths.reduce(1, { $0 + $1 + 3 }) > width {
            let candidates = widths.indices.filter { isText[$0] && widths[$0] > 8 }
            guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { break }
            widths[widest] -= 1
        }
        return widths
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
