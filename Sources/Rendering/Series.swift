/// Lines over a common axis, such as the terms of a loss over steps.
public struct Series: Sendable, Hashable {
    public struct Line: Sendable, Hashable {
        public var name: String
        /// One value for each position of the series.
        public var values: [Double]

        public init(name: String, values: [Double]) {
            self.name = name
            self.values = values
        }
    }

    public var title: String
    public var axis: String
    public var positions: [Double]
    public var lines: [Line]

    public init(title: String, axis: String, positions: [Double], lines: [Line]) {
        self.title = title
        self.axis = axis
        self.positions = positions
        self.lines = lines
    }

    /// A row a position: what formats without a drawing show.
    var table: Table {
        Table(
            title: title, columns: [Column(axis, style: .significant(8))] + lines.map { Column($0.name) },
            rows: positions.indices.map { index in
                [.number(positions[index])]
                    + lines.map { index < $0.values.count ? .number($0.values[index]) : .missing }
            })
    }

    /// A row a line: its course in block characters, first, last, least and greatest value.
    func summary(width: Int = 32) -> Table {
        Table(
            title: title, columns: ["line", Column("over \(axis)"), "first", "last", "least", "greatest"],
            rows: lines.map { line in
                let finite = line.values.filter(\.isFinite)
                return [
                    .text(line.name), .text(sparkline(line.values, width: width)),
                    line.values.first.map(Scalar.number) ?? .missing, line.values.last.map(Scalar.number) ?? .missing,
                    finite.min().map(Scalar.number) ?? .missing, finite.max().map(Scalar.number) ?? .missing,
                ]
            })
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
