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
            for (field, value) in own where field.split(separator: ".").count == depth && !Self.isBound(field, of: own)
            {
                if case .number = value { fields["\(name).\(field)"] = value }
            }
        }
        rows.append((element, fields))
    }

    /// Whether a field is the end of another's interval.
    private static func isBound(_ field: String, of fields: Fields) -> Bool {
        ["_low", "_high"].contains { field.hasSuffix($0) && fields[String(field.dropLast($0.count))] != nil }
    }

    /// Nil where there is nothing to compare. The result's name stands before its metrics where there are several.
    var reply: Reply? {
        let names = rows.flatMap(\.fields.names).uniqued
        guard rows.count > 1, !names.isEmpty else { return nil }
        func split(_ name: String) -> (result: Substring, metric: String) {
            let result = name.prefix { $0 != "." }
            // Of a comparison the model's name stands before the metric's.
            let metric = name.dropFirst(result.count + 1)
            let last = metric.split(separator: ".").last ?? ""
            return (result, metric.dropLast(last.count) + Judgement.short(String(last)))
        }
        let results = names.map { split($0).result }.uniqued
        let columns = names.map { split($0) }
            .map { Column(results.count == 1 ? $0.metric : "\($0.result).\($0.metric)") }
        let table = Table(
            columns: [Column(variable)] + columns,
            rows: rows.map { element, fields in
                let first: Scalar =
                    if case .number(let number) = element { .number(number) } else { .text(element.interpolated) }
                return [first] + names.map { fields[$0] ?? .missing }
            })
        return .table(table)
    }
}
