internal import Foundation

extension Estimate {
    /// The mean of several runs that were judged on the same items: each item's mean. Nil where there is no run, or where the
    /// items differ in number.
    public static func average(of runs: [Estimate]) -> Estimate? {
        guard let first = runs.first else { return nil }
        let sizes = first.parts.map(\.values.count)
        guard
            runs.allSatisfy({
                $0.parts.map(\.values.count) == sizes && $0.parts.map(\.weight) == first.parts.map(\.weight)
            })
        else { return nil }
        return Estimate(
            first.parts.indices.map { part in
                let values = first.parts[part].values.indices.map { item in
                    runs.reduce(0) { $0 + $1.parts[part].values[item] } / Double(runs.count)
                }
                return Part(weight: first.parts[part].weight, values: values)
            })
    }
}

/// Two things measured in the same runs, such as seeds: the difference in each.
public struct PairedRuns: Sendable {
    public let differences: [Double]

    /// So many runs have few enough signs to try them all.
    private static let mostExact = 20

    public init(_ differences: [Double]) { self.differences = differences }

    public var mean: Double { differences.mean }
    public var deviation: Double? { differences.sampleDeviation }

    /// How likely a mean at least so far from 0 is where the sign of each run's difference is chance, two-sided: all signs are
    /// tried (the exact test of Fisher, 1935), so that n runs give no less than 2 / 2ⁿ. Of more than 20 runs signs are drawn.
    public var signFlipProbability: Double {
        guard differences.count <= Self.mostExact else { return Estimate(mean: differences).signFlipProbability() }
        let observed = abs(differences.reduce(0, +)) - 1e-12
        let patterns = 1 << differences.count
        var reached = 0
        for pattern in 0..<patterns {
            var sum = 0.0
            for (index, value) in differences.enumerated() { sum += pattern >> index & 1 == 0 ? value : -value }
            if abs(sum) >= observed { reached += 1 }
        }
        return Double(reached) / Double(patterns)
    }
}

extension [Double] {
    /// 0 of none.
    public var mean: Double { isEmpty ? 0 : reduce(0, +) / Double(count) }

    /// The deviation of a sample; nil of fewer than two.
    public var sampleDeviation: Double? {
        guard count > 1 else { return nil }
        return (reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count - 1)).squareRoot()
    }
}
