/// Numbers with named rows and columns, such as similarities between models.
public struct Matrix: Sendable, Hashable {
    public var title: String
    public var rowNames: [String]
    public var columnNames: [String]
    /// `values[row][column]`
    public var values: [[Double]]
    public var style: NumberStyle
    /// The values at the ends of the scale, where several share one; nil for its own least and greatest.
    public var range: ClosedRange<Double>?

    public init(
        title: String, rowNames: [String], columnNames: [String], values: [[Double]], style: NumberStyle = .fixed(3),
        range: ClosedRange<Double>? = nil
    ) {
        self.range = range
        self.title = title
        self.rowNames = rowNames
        self.columnNames = columnNames
        self.values = values
        self.style = style
    }

    /// What its shades stand for.
    var scale: Axis {
        Axis(range.map { [$0.lowerBound, $0.upperBound] } ?? values.flatMap { $0 }, label: "", isTight: true)
    }

    /// Whether its numbers can be read one by one.
    var isSmall: Bool { columnNames.count <= 8 && values.count <= 20 }

    /// The row names in a first column without a heading.
    var table: Table {
        Table(
            title: title, columns: [""] + columnNames.map { Column($0, style: style) },
            rows: zip(rowNames, values).map { name, row in [.text(name)] + row.map(Scalar.number) })
    }
}
