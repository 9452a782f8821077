internal import Language
internal import Rendering

/// What a loop's named results said, a row an element, so that a sweep ends in one table.
struct Sweep {
    let variable: String
    private var rows: [(element: Value, fields: Fields)] = []

    init(over variable: String) { self.variable = variable }

    /// Adds the results that an element's statements have bound.
    mutating func add(_ element: Value, _ results: ArraySlice<StatementResult>, in bindings: Bindings) {
        var fields = Fields()
        for name in results.compactMap(\.name).uniqued where bindings[name]?.handle.kind == .result {
            let own = bindings[name]?.handle.content?.fields ?? [:]
            // A result over several sets or models has its own numbers behind more dots.
            let depth = own.names.map { $0.split(separator: ".").count }.min() ?? 0
            for (field, value) in own where field.split(separator: ".").count == depth {
                if case .number = value { fields["\(name).\(field)"] = value }
            }
        }
        rows.append((element, fields))
    }

    /// Nil where there is nothing to compare.
    var reply: Reply? {
        let names = rows.flatMap(\.fields.names).uniqued
        guard rows.count > 1, !names.isEmpty else { return nil }
        let table = Table(
            columns: [Column(variable)] + names.map { Column(Judgement.short($0)) },
            rows: rows.map { element, fields in
                let first: Scalar =
                    if case .number(let number) = element { .number(number) } else { .text(element.interpolated) }
                return [first] + names.map { fields[$0] ?? .missing }
            })
        return .table(table)
    }
}
