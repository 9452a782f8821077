/// One line of JSON a reply: `{"fields":{...},"blocks":[...]}`, numbers in full precision.
///
/// A block is an object with one key that names its kind: `note`, `table`, `chart`, `matrix`, `diagram` or `pictures`.
public struct JSONFormat: ReplyFormat {
    public init() {}

    public func text(_ reply: Reply) -> String { value(reply).text }

    /// The reply as a JSON value, for whoever wraps it in a larger one.
    public func value(_ reply: Reply) -> JSONValue {
        .object([
            ("fields", .object(reply.fields.map { ($0, JSONValue($1)) })),
            ("blocks", .array(reply.blocks.map(value))),
        ])
    }

    private func value(_ block: Reply.Block) -> JSONValue {
        switch block {
        case .note(let text): .object([("note", .string(text))])
        case .table(let table):
            .object([
                (
                    "table",
                    .object([
                        ("title", table.title.map(JSONValue.string) ?? .null),
                        ("columns", strings(table.columns.map(\.name))),
                        ("rows", .array(table.rows.map { .array($0.map { JSONValue($0) }) })),
                    ])
                )
            ])
        case .chart(let chart):
            .object([
                (
                    "chart",
                    .object([
                        ("title", .string(chart.title)), ("style", .string(chart.style.rawValue)),
                        ("x", .string(chart.xAxis)), ("y", .string(chart.yAxis)), ("names", strings(chart.names)),
                        (
                            "lines",
                            .array(
                                chart.lines.map { line in
                                    .object([
                                        ("name", .string(line.name)), ("x", numbers(line.x)), ("y", numbers(line.y)),
                                    ])
                                })
                        ),
                    ])
                )
            ])
        case .diagram(let diagram):
            .object([
                (
                    "diagram",
                    .object([
                        (
                            "columns",
                            .array(
                                diagram.columns.map { column in
                                    .array(
                                        column.map {
                                            .object([("lines", strings($0.lines)), ("output", .string($0.output))])
                                        })
                                })
                        ), ("joint", .string(diagram.joint)),
                    ])
                )
            ])
        case .pictures(let thumbnails):
            .object([
                (
                    "pictures",
                    .array(
                        thumbnails.map { thumbnail in
                            .object([
                                ("caption", .string(thumbnail.caption)),
                                ("path", thumbnail.path.map(JSONValue.string) ?? .null),
                            ])
                        })
                )
            ])
        case .matrix(let matrix):
            .object([
                (
                    "matrix",
                    .object([
                        ("title", .string(matrix.title)), ("rows", strings(matrix.rowNames)),
                        ("columns", strings(matrix.columnNames)), ("values", .array(matrix.values.map(numbers))),
                    ])
                )
            ])
        }
    }

    private func strings(_ values: [String]) -> JSONValue { .array(values.map(JSONValue.string)) }
    private func numbers(_ values: [Double]) -> JSONValue { .array(values.map(JSONValue.number)) }
}
