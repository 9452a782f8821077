internal import Rendering

/// Recorded runs side by side: a row a run, a column for each parameter that differs and each number that several have.
struct RunComparison {
    let runs: [(name: String, run: RecordedRun)]

    var reply: Reply {
        let parameters = runs.flatMap { $0.run.parameters.map(\.name) }.uniqued.filter { name in
            Set(runs.map { value(name, $0.run) }).count > 1
        }
        let metrics = runs.flatMap { $0.run.results.names }.uniqued.filter { name in
            let values = runs.compactMap { $0.run.results[name] }
            return values.allSatisfy(\.isNumeric) && (runs.count == 1 || Set(values).count > 1)
        }
        var fields = Fields()
        let rows = runs.map { name, run in
            for metric in metrics { fields["\(name).\(metric)"] = run.results[metric] }
            fields["\(name).seconds"] = .number(run.seconds)
            return [.text(name)] + parameters.map { .text(value($0, run) ?? "") }
                + metrics.map { run.results[$0] ?? .missing } + [
                    .number(run.seconds), .text(Memory.text(run.peakMemory)),
                ]
        }
        let columns =
            ["run"] + parameters.map { Column($0) } + metrics.map { Column(Judgement.short($0)) }
            + [Column("seconds", style: .significant(3)), Column("memory", alignment: .trailing)]
        let same =
            Set(runs.map(\.run.recipeHash)).count == 1
            ? "the same recipe and parameters" : "different recipes or parameters"
        return Reply(
            [.table(Table(columns: columns, rows: rows)), .note("\(same); only what differs is shown")], fields: fields)
    }

    private func value(_ parameter: String, _ run: RecordedRun) -> String? {
        run.parameters.first { $0.name == parameter }?.value
    }
}
