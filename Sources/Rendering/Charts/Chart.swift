/// Values over values, such as the terms of a loss over steps, a histogram, or points in a plane.
public struct Chart: Sendable, Hashable {
    public enum Style: String, Sendable, Hashable {
        case line, points, bars
        /// Areas one on top of the other, such as the terms of a sum; all lines have the same `x`.
        case stacked
    }

    public struct Line: Sendable, Hashable {
        public var name: String
        public var x: [Double]
        /// One value for each `x`.
        public var y: [Double]

        public init(name: String, x: [Double], y: [Double]) {
            self.name = name
            self.x = x
            self.y = y
        }
    }

    public var title: String
    public var xAxis: String
    public var yAxis: String
    public var style: Style
    public var lines: [Line]
    /// What stands under 0, 1, 2 and so on of `x` in the place of numbers, such as languages.
    public var names: [String]
    /// Whether text shows only a row a line.
    public var isBrief: Bool
    /// Points that the axes hold beside its own, so that charts can be compared.
    public var alsoHolds: [Line]

    public init(
        title: String, xAxis: String, yAxis: String = "", style: Style = .line, lines: [Line], names: [String] = [],
        isBrief: Bool = false, alsoHolds: [Line] = []
    ) {
        self.alsoHolds = alsoHolds
        self.title = title
        self.xAxis = xAxis
        self.yAxis = yAxis
        self.style = style
        self.lines = lines
        self.names = names
        self.isBrief = isBrief
    }

    /// The data: a column a line where all have the same `x`, else a row a point.
    public var table: Table {
        let column = Column(xAxis, style: .significant(8))
        guard let first = lines.first, lines.allSatisfy({ $0.x == first.x }) else {
            let rows = lines.flatMap { line in
                zip(line.x, line.y).map { [Scalar.text(line.name), .number($0), .number($1)] }
            }
            return Table(title: title, columns: ["line", column, Column(yAxis)], rows: rows)
        }
        return Table(
            title: title, columns: [column] + lines.map { Column($0.name) },
            rows: first.x.indices.map { index in
                [index < names.count ? .text(names[index]) : .number(first.x[index])]
                    + lines.map { index < $0.y.count ? .number($0.y[index]) : .missing }
            })
    }

    /// A row a line: first, last, least and greatest value.
    public var ends: Table {
        Table(
            columns: ["line", "first", "last", "least", "greatest"],
            rows: lines.map { line in
                let finite = line.y.filter(\.isFinite)
                let values = [line.y.first, line.y.last, finite.min(), finite.max()]
                return [.text(line.name)] + values.map { $0.map(Scalar.number) ?? .missing }
            })
    }

    /// The same with the courses in block characters.
    func summary(width: Int = 32) -> Table {
        var table = ends
        table.title = title
        table.columns.insert(Column("over \(xAxis)"), at: 1)
        for (row, line) in lines.enumerated() { table.rows[row].insert(.text(sparkline(line.y, width: width)), at: 1) }
        return table
    }

    /// Each line with those before it added: the upper edges of stacked areas. What is not finite adds nothing.
    public var piles: [Line] {
        var sums = [Double](repeating: 0, count: lines.first?.x.count ?? 0)
        return lines.map { line in
            for (index, value) in line.y.enumerated() where index < sums.count && value.isFinite {
                sums[index] += value
            }
            return Line(name: line.name, x: line.x, y: sums)
        }
    }

    /// The axes that hold every finite point; bars stand on zero.
    var axes: (x: Axis, y: Axis) {
        let points = (lines + alsoHolds).flatMap { zip($0.x, $0.y).filter { $0.isFinite && $1.isFinite } }
        if style == .points {
            return (
                Axis(points.map(\.0), label: xAxis, isTight: true, margin: 0.03),
                Axis(points.map(\.1), label: yAxis, isTight: true, margin: 0.03)
            )
        }
        let y =
            (style == .stacked ? piles.flatMap(\.y) : points.map(\.1))
            + (style == .bars || style == .stacked ? [0] : [])
        let isTight = style == .line || style == .stacked
        let x = names.isEmpty ? Axis(points.map(\.0), label: xAxis, isTight: isTight) : Axis(names, label: xAxis)
        return (x, Axis(y, label: yAxis))
    }
}

/// A course in eighth blocks, at most `width` characters; each stands for the mean of its share of the values.
/// A share without finite values is a cross.
func sparkline(_ values: [Double], width: Int) -> String {
    let finite = values.filter(\.isFinite)
    guard let least = finite.min(), let greatest = finite.max(), width > 0 else { return "" }
    let blocks: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
    let count = min(width, values.count)
    return String(
        (0..<count).map { place -> Character in
            let share = values[(place * values.count / count)..<((place + 1) * values.count / count)]
                .filter(\.isFinite)
            guard !share.isEmpty else { return "×" }
            let mean = share.reduce(0, +) / Double(share.count)
            let height = greatest > least ? (mean - least) / (greatest - least) : 0
            return blocks[min(7, Int(height * 8))]
        })
}
