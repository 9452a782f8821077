extension Chart {
    private static let rows = 15

    /// Drawn with braille patterns beside and above its axes, in so many columns.
    func text(width: Int, colours: ColourDepth) -> String {
        let usesColour = colours != .none
        let (xs, ys) = axes
        let ticks = ys.ticks.map { (text: ys.text($0), place: ys.place($0)) }
        let margin = ticks.map(\.text.displayWidth).max() ?? 0
        let room = usesColour || !isOfLines || lines.count < 2 ? 0 : (lines.map(\.name.displayWidth).max() ?? 0) + 1
        var canvas = BrailleCanvas(columns: max(10, width - margin - 3 - room), rows: Chart.rows)
        let ends = usesColour ? [:] : self.ends(ys)
        // Of stacked areas the edges are drawn, and with colours what is below them: the highest first, so that none is hidden.
        let drawn = Array((style == .stacked ? piles : lines).enumerated())
        for (index, line) in style == .stacked ? drawn.reversed() : drawn {
            draw(line, index, xs, ys, fillsBelow: style == .stacked && usesColour, &canvas)
        }
        let labels = Dictionary(
            ticks.map { (Chart.rows - 1 - Int(($0.place * Double(Chart.rows - 1)).rounded()), $0.text) },
            uniquingKeysWith: { first, _ in first })
        let body = (0..<Chart.rows).map { row in
            let label = (labels[row] ?? "").padded(toWidth: margin, .trailing)
            let end = ends[row].map { " " + $0 } ?? ""
            return
                "\(label) \(labels[row] == nil ? "│" : "┤")\(canvas.row(row, colours: colours, usesMarks: style == .points && lines.count > 1))\(end)"
        }
        let lead = String(repeating: " ", count: margin + 1)
        let foot = lead + "└" + String(repeating: "─", count: canvas.columns)
        let head = [title, yAxis.isEmpty ? "" : lead + yAxis].filter { !$0.isEmpty }
        let all = head + body + [foot, tickLine(xs, margin + 2, canvas.columns)]
        return all.joined(separator: "\n") + legend(colours)
    }

    /// The numbers under the horizontal axis, and behind them its name, or below where it has no room.
    private func tickLine(_ axis: Axis, _ margin: Int, _ columns: Int) -> String {
        var line = ""
        for tick in axis.ticks {
            let text = axis.text(tick)
            let middle = margin + Int(axis.place(tick) * Double(columns - 1))
            let start = max(0, middle - text.displayWidth / 2)
            guard line.isEmpty || start > line.displayWidth else { continue }
            line += String(repeating: " ", count: start - line.displayWidth) + text
        }
        if axis.label.isEmpty { return line }
        let hasRoom = line.displayWidth + 2 + axis.label.displayWidth <= margin + columns
        return line + (hasRoom ? "  " + axis.label : "\n" + axis.label.padded(toWidth: margin + columns, .trailing))
    }

    /// Where colours tell the lines apart, what each stands for; else how they differ.
    private func legend(_ colours: ColourDepth) -> String {
        let usesColour = colours != .none
        guard lines.count > 1 else { return "" }
        let names = lines.enumerated().map { index, line in
            switch style {
            case _ where usesColour: "\(Palette.escape(index, colours))━\(Palette.reset) \(line.name)"
            case .points: "\(BrailleCanvas.mark(index)) \(line.name)"
            case .line, .bars, .stacked: line.name
            }
        }
        if usesColour || style == .points { return "\n" + names.joined(separator: "  ") }
        return (style == .bars ? "\nfrom left to right: " : "\n") + names.joined(separator: ", ")
    }

    /// The names of lines by the row in which each ends.
    private func ends(_ ys: Axis) -> [Int: String] {
        guard isOfLines, lines.count > 1 else { return [:] }
        let places = (style == .stacked ? piles : lines).compactMap { line in
            line.y.last { $0.isFinite }.map { value in
                (Int(((1 - ys.place(value)) * Double(Chart.rows - 1)).rounded()), line.name)
            }
        }
        return Dictionary(places, uniquingKeysWith: { "\($0), \($1)" })
    }

    private var isOfLines: Bool { style == .line || style == .stacked }

    private func draw(
        _ line: Line, _ index: Int, _ xs: Axis, _ ys: Axis, fillsBelow: Bool, _ canvas: inout BrailleCanvas
    ) {
        func dot(_ x: Double, _ y: Double) -> (x: Int, y: Int) {
            (
                Int((xs.place(x) * Double(canvas.width - 1)).rounded()),
                Int(((1 - ys.place(y)) * Double(canvas.height - 1)).rounded())
            )
        }
        var last: (x: Int, y: Int)?
        for (x, y) in zip(line.x, line.y) {
            guard x.isFinite, y.isFinite else {
                last = nil
                continue
            }
            let place = dot(x, y)
            switch style {
            case .stacked where fillsBelow:
                let foot = dot(x, 0).y
                for column in min(last?.x ?? place.x, place.x)...place.x {
                    canvas.line(from: (column, foot), to: (column, place.y), owner: index)
                }
            case .line, .stacked: canvas.line(from: last ?? place, to: place, owner: index)
            case .points: canvas.set(place.x, place.y, owner: index)
            case .bars: bar(from: dot(x, 0), to: place, index, of: line.x.count, &canvas)
            }
            last = place
        }
    }

    private func bar(
        from foot: (x: Int, y: Int), to top: (x: Int, y: Int), _ index: Int, of count: Int,
        _ canvas: inout BrailleCanvas
    ) {
        let width = max(1, canvas.width / max(1, count + 1) - 1)
        let share = max(1, width / max(1, lines.count))
        let start = foot.x - width / 2 + index * share
        for x in start..<(start + share) { canvas.line(from: (x, foot.y), to: (x, top.y), owner: index) }
    }
}
