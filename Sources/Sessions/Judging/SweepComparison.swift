internal import Language
internal import Rendering

/// Collections over the same rows, such as the learning curves of two methods: side by side at each row, in one drawing.
struct SweepComparison {
    private let names: [String]
    private let metrics: [String]
    private let reference: String
    /// What is the same in all: the rows of the collections, each with the collections as its rows.
    private let places: [(row: String, comparison: CollectionComparison)]

    /// Throws a `Diagnostic` for a collection or a metric that there is not.
    init(_ collections: [(name: String, content: CollectionContent)], _ arguments: Arguments) throws {
        names = collections.map(\.name)
        metrics = try CollectionComparison.metrics(of: collections.map(\.content), arguments)
        reference =
            try CollectionComparison.known([arguments.text("reference")], "reference", "collection", names, arguments)?[
                0]
            ?? names[0]
        var places: [(row: String, comparison: CollectionComparison)] = []
        for row in collections.flatMap(\.content.rows).uniqued {
            var gathered = CollectionContent()
            for (name, content) in collections {
                for entry in content.entries where entry.row.name == row {
                    gathered.add(entry.row.named(name), of: entry.run)
                }
            }
            places.append((row, CollectionComparison(gathered, reference: reference, metrics: metrics)))
        }
        self.places = places
    }

    var reply: Reply {
        var fields = Fields()
        let columns = metrics.flatMap { metric in names.map { (metric: metric, name: $0) } }
        let rows = places.map { row, comparison in
            [.text(row), .integer(comparison.collection.runs.count)]
                + columns.map { comparison.cell($0.metric, $0.name, "\($0.name).\(row).\($0.metric)", &fields) }
        }
        let differences = places.flatMap { row, comparison in
            columns.filter { $0.name != reference }.compactMap { column in
                comparison.difference(
                    column.metric, column.name, "\(column.name).\(row).\(column.metric)", &fields
                ).map { [.text(row)] + $0 }
            }
        }
        let table = Table(
            title: CollectionComparison.title,
            columns: ["at", "runs"]
                + columns.map {
                    Column(
                        metrics.count == 1 ? $0.name : "\($0.name) \(Judgement.short($0.metric))", alignment: .trailing)
                }, rows: rows)
        var blocks = [Reply.Block.table(table)]
        if !differences.isEmpty {
            blocks.append(.table(CollectionComparison.differences(from: reference, ["at"], rows: differences)))
        }
        return Reply(blocks + metrics.map { .chart(chart($0)) }, fields: fields)
    }

    /// A curve a collection over rows that are numbers, else bars.
    private func chart(_ metric: String) -> Chart {
        let positions = places.compactMap { Double($0.row) }
        let isCurve = positions.count == places.count && places.count > 1
        let points = zip(isCurve ? positions : places.indices.map(Double.init), places).sorted { $0.0 < $1.0 }
        let lines = names.map { name in
            let own = points.map { ($0.0, $0.1.comparison.values(metric, name).map(\.value)) }
            let shown = isCurve ? own.filter { !$0.1.isEmpty } : own
            return Chart.Line(name: name, x: shown.map(\.0), y: shown.map { $0.1.isEmpty ? .nan : $0.1.mean })
        }
        return Chart(
            title: metric, xAxis: isCurve ? "row" : "", style: isCurve ? .line : .bars, lines: lines,
            names: isCurve ? [] : places.map(\.row))
    }
}
