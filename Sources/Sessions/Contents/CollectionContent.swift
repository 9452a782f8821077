internal import ProCLIP
internal import Rendering

/// What a model reached: one row of a comparison, with the items behind its numbers.
struct JudgedRow: Sendable {
    let name: String
    let fields: Fields
    let estimates: [String: Estimate]

    init(name: String, fields: Fields, estimates: [String: Estimate] = [:]) {
        (self.name, self.fields, self.estimates) = (name, fields, estimates)
    }

    init(_ name: String, _ judgement: Judgement, cka: Double? = nil) {
        var fields = judgement.fields
        if let cka { fields["cka"] = .number(cka) }
        var estimates: [String: Estimate] = [:]
        for (set, metric, estimate) in judgement.estimates {
            estimates[judgement.sets.count > 1 ? "\(set).\(metric)" : metric] = estimate
            estimates[metric] = judgement.estimate(metric)
        }
        self.init(name: name, fields: fields, estimates: estimates)
    }
}

/// What `collect` gathers: rows of several runs, such as seeds.
struct CollectionContent: HandleContent {
    let kind = HandleKind.result
    private(set) var entries: [(run: String, row: JudgedRow)] = []

    /// Adds a row, in the place of that of the same name and run.
    mutating func add(_ row: JudgedRow, of run: String) {
        if let index = entries.firstIndex(where: { $0.run == run && $0.row.name == row.name }) {
            entries[index] = (run, row)
        } else {
            entries.append((run, row))
        }
    }

    /// In the order in which they came.
    var runs: [String] { entries.map(\.run).uniqued }
    var rows: [String] { entries.map(\.row.name).uniqued }

    /// Expressions read the comparison of a collection, not the collection.
    var fields: Fields { ["n_runs": .integer(runs.count), "n_rows": .integer(rows.count)] }
    var shape: String { "\(rows.count) rows of \(runs.count) runs" }
    var summary: String { "\(shape): \(rows.joined(separator: ", "))" }
}
