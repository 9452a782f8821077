extension Matrix {
    /// Some cells a value, in the colours of the drawing or darker for larger ones, with the scale below.
    func shaded(width: Int, colours: ColourDepth = .none) -> String {
        // Sixteen colours make no scale.
        let usesColour = colours == .many
        let axis = scale
        let names = rowNames.map { $0.truncated(toWidth: 24) }
        let margin = (names.map(\.displayWidth).max() ?? 0) + 1
        let columns = max(1, min(columnNames.count, width - margin))
        // Wide enough for the names of columns and a space, if they are short.
        let head = (columnNames.prefix(columns).map(\.displayWidth).max() ?? 0) + 1
        let cell = [head, 2].first { 2...4 ~= $0 && columns * $0 <= width - margin } ?? 1
        func painted(_ place: Double) -> String {
            if usesColour {
                return Palette.background(place) + String(repeating: " ", count: cell)
            }
            let shade = place.isFinite ? Self.shades[min(4, Int(place * 5))] : "×"
            return String(repeating: String(shade), count: cell)
        }
        let end = usesColour ? Palette.reset : ""
        let lines = zip(names, values).map { name, row in
            name.padded(toWidth: margin) + row.prefix(columns).map { painted(axis.place($0)) }.joined() + end
        }
        let heads = columnNames.prefix(columns).map { $0.padded(toWidth: cell, .trailing) }.joined()
        let lead = cell < head ? [] : [String(repeating: " ", count: margin) + heads]
        let (low, high) = (style.text(axis.range.lowerBound), style.text(axis.range.upperBound))
        let scale = usesColour ? (0...9).map { painted(Double($0) / 9) }.joined() + end : String(Self.shades)
        let cut = columns < columnNames.count ? "; the first \(columns) of \(columnNames.count) columns" : ""
        return ([title] + lead + lines + ["\(low) \(scale) \(high)\(cut)"]).joined(separator: "\n")
    }

    private static let shades: [Character] = [" ", "░", "▒", "▓", "█"]
}
