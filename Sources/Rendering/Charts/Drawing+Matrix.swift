extension Matrix {
    private static let size = 12.0

    /// A heat map with a scale beside it; names where they have room.
    var drawing: Drawing {
        let (rows, columns) = (values.count, columnNames.count)
        let cell = min(40, max(3, 560 / Double(max(rows, columns, 1))))
        let namesFit = cell >= 12
        // A few columns are as wide as their names.
        let widest = columnNames.map { Drawing.width(of: $0, size: Self.size) + 8 }.max() ?? 0
        let width = namesFit ? max(cell, min(widest, 120, 560 / Double(max(columns, 1)))) : cell
        let names = namesFit ? rowNames.map { Drawing.fitted($0, size: Self.size, width: 200) } : []
        let left = (names.map { Drawing.width(of: $0, size: Self.size) }.max() ?? 0) + 16
        let (top, right) = (namesFit ? 56.0 : 36.0, left + width * Double(columns))
        var drawing = Drawing(
            width: max(right + 100, Drawing.width(of: title, size: 15) + 32),
            height: max(top + cell * Double(rows), top + 120) + 20, title: title)
        drawing.add(.words(title, Drawing.Point(16, 22), size: 15, .start))
        let axis = scale
        for (row, line) in values.enumerated() {
            let y = top + Double(row) * cell
            for (column, value) in line.enumerated() {
                let corner = Drawing.Point(left + Double(column) * width, y)
                drawing.add(.area(corner, width: width, height: cell, Palette.scale(axis.place(value))))
            }
            guard row < names.count else { continue }
            drawing.add(.words(names[row], Drawing.Point(left - 6, y + cell / 2 + 4), size: Self.size, .end))
        }
        if namesFit {
            for (column, name) in columnNames.enumerated() {
                let name = Drawing.fitted(name, size: Self.size, width: width)
                let place = Drawing.Point(left + (Double(column) + 0.5) * width, top - 6)
                drawing.add(.words(name, place, size: Self.size, .middle))
            }
        }
        for step in 0..<50 {
            let y = top + 100 - Double(step + 1) * 2
            let colour = Palette.scale(Double(step) / 49)
            drawing.add(.area(Drawing.Point(right + 20, y), width: 14, height: 2.5, colour))
        }
        for tick in [axis.range.lowerBound, axis.range.upperBound] {
            let y = top + 100 - axis.place(tick) * 100 + 4
            drawing.add(.words(style.text(tick), Drawing.Point(right + 40, y), size: Self.size, .start))
        }
        return drawing
    }
}
