internal import Foundation
internal import Language
internal import ProCLIP
internal import Rendering

/// Runs together: means and deviations a row, and each row against a reference in the same runs and on the same items.
struct CollectionComparison {
    let collection: CollectionContent
    let reference: String
    let metrics: [String]

    /// What is shown unless it is told.
    private static let usual = ["mean_recall", "acc1", "acc", "cka", "seconds"]

    static let title = "means and deviations over the runs; recalls and accuracies in percent"

    init(_ collection: CollectionContent, reference: String, metrics: [String]) {
        (self.collection, self.reference, self.metrics) = (collection, reference, metrics)
    }

    /// Throws a `Diagnostic` for a row or a metric that the collection does not have.
    init(_ collection: CollectionContent, _ arguments: Arguments) throws {
        let rows = collection.rows
        self.init(
            collection,
            reference: try Self.known([arguments.text("reference")], "reference", "row", rows, arguments)?[0]
                ?? rows.first ?? "", metrics: try Self.metrics(of: [collection], arguments))
    }

    /// The metrics that are shown.
    static func metrics(of collections: [CollectionContent], _ arguments: Arguments) throws -> [String] {
        let names = collections.flatMap { $0.entries.flatMap(\.row.fields.names) }.uniqued
        return try known(arguments.texts("metrics") ?? [], "metrics", "number", names, arguments)
            ?? usual.filter(names.contains)
    }

    /// The words of a key, which must be among some names; nil where there are none.
    static func known(
        _ words: [String?], _ key: String, _ meaning: String, _ names: [String], _ arguments: Arguments
    ) throws -> [String]? {
        let words = words.compactMap(\.self)
        guard let wrong = words.first(where: { !names.contains($0) }) else { return words.isEmpty ? nil : words }
        throw arguments.diagnostic(
            .unknownChoice, "there is no \(meaning) \"\(wrong)\" in what is compared", at: key,
            suggestions: Nearest.words(to: wrong, among: names),
            help: "there is \(names.prefix(12).joined(separator: ", "))")
    }

    private func number(_ metric: String, _ row: JudgedRow) -> Double? {
        switch row.fields[metric] {
        case .number(let value): value
        case .integer(let value): Double(value)
        default: nil
        }
    }

    /// A row's values of a metric by run.
    func values(_ metric: String, _ row: String) -> [(run: String, value: Double)] {
        collection.entries.filter { $0.row.name == row }.compactMap { entry in
            number(metric, entry.row).map { (entry.run, $0) }
        }
    }

    /// A row's mean and deviation of a metric, which go into `fields` under a name.
    func cell(_ metric: String, _ row: String, _ name: String, _ fields: inout Fields) -> Scalar {
        let values = values(metric, row).map(\.value)
        guard !values.isEmpty else { return .missing }
        fields[name] = .number(values.mean)
        fields["\(name)_deviation"] = values.sampleDeviation.map(Scalar.number)
        let style = Self.style(metric)
        return .text(style.text(values.mean) + (values.sampleDeviation.map { " ± " + style.text($0) } ?? ""))
    }

    /// How far a row's metric is from the reference's in the runs that have both, and whether that can be chance; nil where there
    /// is no such run.
    func difference(_ metric: String, _ row: String, _ name: String, _ fields: inout Fields) -> [Scalar]? {
        let other = Dictionary(values(metric, reference).map { ($0.run, $0.value) }, uniquingKeysWith: { $1 })
        let pairs = PairedRuns(values(metric, row).compactMap { run, value in other[run].map { value - $0 } })
        guard !pairs.differences.isEmpty else { return nil }
        let (style, interval) = (Self.style(metric), interval(metric, row))
        fields["\(name)_difference"] = .number(pairs.mean)
        fields["\(name)_p"] = .number(pairs.signFlipProbability)
        fields["\(name)_difference_low"] = interval.map { .number($0.lowerBound) }
        fields["\(name)_difference_high"] = interval.map { .number($0.upperBound) }
        return [
            .text(row), .text(Judgement.short(metric)), .integer(pairs.differences.count),
            .text(style.text(pairs.mean)), .text(pairs.deviation.map(style.text) ?? ""),
            .number(pairs.signFlipProbability),
            .text(interval.map { "\(style.text($0.lowerBound)) to \(style.text($0.upperBound))" } ?? ""),
        ]
    }

    /// The table of such differences, behind columns of its own.
    static func differences(from reference: String, _ columns: [Column] = [], rows: [[Scalar]]) -> Table {
        Table(
            title:
                "differences from \(reference) in the same runs: exact sign-flip test over runs, 95% interval over items",
            columns: columns + [
                "row", "metric", "runs", Column("difference", alignment: .trailing),
                Column("deviation", alignment: .trailing), Column("p", style: .significant(2)),
                Column("over items", alignment: .trailing),
            ], rows: rows)
    }

    /// The 95 % interval over items of the mean difference from the reference; nil where no items are known.
    private func interval(_ metric: String, _ row: String) -> ClosedRange<Double>? {
        func estimates(_ name: String) -> [String: Estimate] {
            let own = collection.entries.filter { $0.row.name == name }
            return Dictionary(
                own.compactMap { entry in entry.row.estimates[metric].map { (entry.run, $0) } },
                uniquingKeysWith: { $1 })
        }
        let (own, other) = (estimates(row), estimates(reference))
        let runs = collection.runs.filter { own[$0] != nil && other[$0] != nil }
        return Estimate.average(of: runs.compactMap { own[$0] }).flatMap { mean in
            Estimate.average(of: runs.compactMap { other[$0] }).flatMap { mean.difference(from: $0)?.interval() }
        }
    }

    var reply: Reply {
        var fields: Fields = ["n_runs": .integer(collection.runs.count)]
        let rows = collection.rows.map { row in
            [.text(row), .integer(collection.entries.count { $0.row.name == row })]
                + metrics.map { cell($0, row, "\(row).\($0)", &fields) }
        }
        let table = Table(
            title: Self.title,
            columns: ["row", "runs"] + metrics.map { Column(Judgement.short($0), alignment: .trailing) }, rows: rows)
        let differences = collection.rows.filter { $0 != reference }.flatMap { row in
            metrics.compactMap { difference($0, row, "\(row).\($0)", &fields) }
        }
        var blocks = [Reply.Block.table(table)]
        if !differences.isEmpty { blocks.append(.table(Self.differences(from: reference, rows: differences))) }
        if let byRun { blocks.append(.table(byRun)) }
        if let chart { blocks.append(.chart(chart)) }
        return Reply(blocks, fields: fields)
    }

    /// Of a single number, what every run gave: a row a run, such as a benchmark or a language, a column a row.
    private var byRun: Table? {
        guard metrics.count == 1, let metric = metrics.first, collection.runs.count > 1 else { return nil }
        let columns = collection.rows.map { row in
            Dictionary(values(metric, row).map { ($0.run, $0.value) }, uniquingKeysWith: { $1 })
        }
        return Table(
            title: "\(metric) by run",
            columns: ["run"] + collection.rows.map { Column($0, style: Self.style(metric)) },
            rows: collection.runs.map { run in [.text(run)] + columns.map { $0[run].map(Scalar.number) ?? .missing } })
    }

    /// The means: a curve over rows that are numbers, else bars; of a single number bars of the runs, where these have names.
    private var chart: Chart? {
        let rows = collection.rows
        if let byRun, collection.runs.allSatisfy({ Double($0) == nil }), rows.contains(where: { Double($0) == nil }) {
            let lines = rows.indices.map { column in
                Chart.Line(
                    name: rows[column], x: collection.runs.indices.map(Double.init),
                    y: byRun.rows.map { if case .number(let value) = $0[column + 1] { value } else { .nan } })
            }
            return Chart(title: metrics[0], xAxis: "", style: .bars, lines: lines, names: collection.runs)
        }
        guard rows.count > 1, let first = metrics.first else { return nil }
        let positions = rows.compactMap(Double.init)
        let isSweep = positions.count == rows.count
        let shown = isSweep ? metrics.filter { Self.style($0) == Self.style(first) } : [first]
        let lines = shown.map { metric in
            let points = zip(isSweep ? positions : rows.indices.map(Double.init), rows).sorted { $0.0 < $1.0 }
            return Chart.Line(
                name: metric, x: points.map(\.0), y: points.map { values(metric, $0.1).map(\.value).mean })
        }
        return Chart(
            title: isSweep ? shown.joined(separator: ", ") : first, xAxis: isSweep ? "row" : "",
            style: isSweep ? .line : .bars, lines: lines, names: isSweep ? [] : rows)
    }

    static func style(_ metric: String) -> NumberStyle {
        let name = metric.split(separator: ".").last.map(String.init) ?? metric
        if name == "cka" { return .fixed(3) }
        let isShare = ["recall", "acc"].contains { name.contains($0) }
        return isShare ? .percent(1) : .significant(3)
    }
}
