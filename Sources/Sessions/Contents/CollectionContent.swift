internal import ProCLIP
internal import Rendering

/// What a model reached: one row of a comparison, with the items behind its numbers.
struct JudgedRow: Sendable {
    let name: String
    let fields: Fields
    let estimates: [String: Estimate]
    /// What was judged, a pool each, for other programs' files; empty of what is no judgement.
    let pools: [Pool]

    /// One set's numbers.
    struct Pool: Sendable {
        let set: String
        let language: String
        let fields: Fields
    }

    init(name: String, fields: Fields, estimates: [String: Estimate] = [:], pools: [Pool] = []) {
        (self.name, self.fields, self.estimates, self.pools) = (name, fields, estimates, pools)
    }

    /// One of the numbers, under another name; nil where there is none.
    func only(_ metric: String, named name: String) -> JudgedRow? {
        guard let value = fields[metric] else { return nil }
        return JudgedRow(
            name: self.name, fields: [name: value], estimates: estimates[metric].map { [name: $0] } ?? [:])
    }

    /// The same under another name.
    func named(_ name: String) -> JudgedRow { JudgedRow(name: name, fields: fields, estimates: estimates) }

    init(_ name: String, _ judgement: Judgement, cka: Double? = nil) {
        var fields = judgement.fields
        if let cka { fields["cka"] = .number(cka) }
        var estimates: [String: Estimate] = [:]
        for (set, metric, estimate) in judgement.estimates {
            estimates[judgement.sets.count > 1 ? "\(set).\(metric)" : metric] = estimate
            estimates[metric] = judgement.estimate(metric)
        }
        self.init(
            name: name, fields: fields, estimates: estimates,
            pools: judgement.sets.map { Pool(set: $0.set, language: $0.language, fields: $0.fields) })
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
