/// Rows under named columns.
public struct Table: Sendable, Hashable {
    /// How plain text shows it.
    public enum Layout: Sendable, Hashable {
        case framed
        /// A line a row without frame or head: the first column, then the last, then what lies between in brackets.
        case listing
    }

    public var title: String?
    public var columns: [Column]
    /// One scalar a column in each row; a short row is filled up with `.missing`.
    public var rows: [[Scalar]]
    public var layout: Layout

    public init(title: String? = nil, columns: [Column], rows: [[Scalar]], layout: Layout = .framed) {
        self.title = title
        self.layout = layout
        self.columns = columns
        self.rows = rows.map { row in
            (0..<columns.count).map { $0 < row.count ? row[$0] : .missing }
        }
    }
}

/// How a column is headed, aligned and, in formats for people, rounded.
public struct Column: Sendable, Hashable, ExpressibleByStringLiteral {
    public enum Alignment: Sendable, Hashable {
        case leading, trailing
    }

    public var name: String
    /// Numbers to the right and the rest to the left where none is given.
    public var alignment: Alignment?
    public var style: NumberStyle

    public init(_ name: String, alignment: Alignment? = nil, style: NumberStyle = .significant(4)) {
        self.name = name
        self.alignment = alignment
        self.style = style
    }

    public init(stringLiteral value: String) { self.init(value) }
}

extension Table {
    /// The alignment of a column: its own, else trailing where it holds numbers and nothing but numbers and gaps.
    func alignment(ofColumn index: Int) -> Column.Alignment {
        if let own = columns[index].alignment { return own }
        let present = rows.lazy.map { $0[index] }.filter { $0 != .missing }
        return !present.isEmpty && present.allSatisfy(\.isNumeric) ? .trailing : .leading
    }

    /// Every cell as people read it: rounded by its column's style.
    func cells() -> [[String]] {
        rows.map { row in zip(row, columns).map { $1.style.text($0) } }
    }
}
