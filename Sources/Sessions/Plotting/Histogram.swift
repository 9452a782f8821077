internal import Rendering

/// How groups of numbers are distributed over common bins, as shares of each group.
struct Histogram {
    let title, axis: String
    let groups: [(name: String, values: [Double])]
    let bins: Int

    /// Values that are not finite, such as the cosine of a vector of zeros, are left out.
    init(title: String, axis: String, groups: [(name: String, values: [Double])], bins: Int) {
        (self.title, self.axis, self.bins) = (title, axis, bins)
        self.groups = groups.map { ($0.name, $0.values.filter(\.isFinite)) }
    }

    var reply: Reply {
        let all = groups.flatMap(\.values)
        guard let low = all.min(), let high = all.max() else { return .note("\(title): nothing to draw") }
        let width = max((high - low) / Double(bins), .leastNormalMagnitude)
        let centres = (0..<bins).map { low + (Double($0) + 0.5) * width }
        let lines = groups.map { name, values in
            var counts = [Double](repeating: 0, count: bins)
            for value in values { counts[min(bins - 1, Int((value - low) / width))] += 1 }
            return Chart.Line(name: name, x: centres, y: counts.map { $0 / Double(max(1, values.count)) })
        }
        var fields = Fields()
        for (name, values) in groups where !values.isEmpty {
            let mean = values.reduce(0, +) / Double(values.count)
            let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
            fields["\(name).mean"] = .number(mean)
            fields["\(name).std"] = .number(variance.squareRoot())
        }
        let table = Table(
            columns: ["group", "mean", "deviation", "least", "greatest", Column("count", style: .significant(9))],
            rows: groups.map { name, values in
                [
                    .text(name), fields["\(name).mean"] ?? .missing, fields["\(name).std"] ?? .missing,
                    values.min().map(Scalar.number) ?? .missing, values.max().map(Scalar.number) ?? .missing,
                    .integer(values.count),
                ]
            })
        let chart = Chart(
            title: title, xAxis: axis, yAxis: "share", style: groups.count == 1 ? .bars : .line, lines: lines)
        return Reply([.chart(chart), .table(table)], fields: fields)
    }
}
