internal import Tensors

/// A number that is a weighted sum of means over items, such as a recall, the mean of six recalls, or an accuracy averaged
/// over classes; with the items behind it, so that chance can be told from difference.
public struct Estimate: Sendable, Equatable {
    /// Items that are drawn from one population: the values of each, and what their mean counts.
    public struct Part: Sendable, Equatable {
        public let weight: Double
        public let values: [Double]

        var mean: Double { values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count) }
    }

    public let parts: [Part]

    /// How often items are drawn anew for an interval.
    public static let resamples = 1000

    public init(_ parts: [Part]) { self.parts = parts }

    /// The mean over items.
    public init(mean values: [Double]) { parts = [Part(weight: 1, values: values)] }

    /// The mean of several estimates, whose items are drawn independently.
    public init(mean estimates: [Estimate]) {
        parts = estimates.flatMap { estimate in
            estimate.parts.map { Part(weight: $0.weight / Double(estimates.count), values: $0.values) }
        }
    }

    public var value: Double { parts.reduce(0) { $0 + $1.weight * $1.mean } }

    /// This less another over the same items; nil where the items differ in number.
    public func difference(from other: Estimate) -> Estimate? {
        guard parts.map(\.values.count) == other.parts.map(\.values.count),
            parts.map(\.weight) == other.parts.map(\.weight)
        else { return nil }
        return Estimate(
            zip(parts, other.parts).map { own, other in
                Part(weight: own.weight, values: zip(own.values, other.values).map { $0 - $1 })
            })
    }

    /// The percentile bootstrap over items (Efron, 1979): the middle 95 % of the values that items drawn anew, with
    /// repetition, would give. The same seed gives the same interval.
    public func interval(seed: UInt64 = 0) -> ClosedRange<Double> {
        var generator = RandomGenerator(seed: seed, stream: "bootstrap")
        var values = [Double](repeating: 0, count: Self.resamples)
        for part in parts where !part.values.isEmpty {
            let count = part.values.count
            let factor = part.weight / Double(count)
            part.values.withUnsafeBufferPointer { items in
                for resample in values.indices {
                    var sum = 0.0
                    for _ in 0..<count { sum += items[Int.random(in: 0..<count, using: &generator)] }
                    values[resample] += factor * sum
                }
            }
        }
        values.sort()
        let cut = Self.resamples / 40
        return values[cut]...values[Self.resamples - 1 - cut]
    }

    /// How likely a mean at least so far from 0 is where each item's sign is chance: the two-sided sign-flip test by
    /// `resamples` draws, the observed one among them.
    public func signFlipProbability(seed: UInt64 = 0) -> Double {
        var generator = RandomGenerator(seed: seed, stream: "sign flips")
        let observed = abs(value) - 1e-12
        var count = 1
        let terms = parts.flatMap { part in
            part.values.filter { $0 != 0 }.map { $0 * part.weight / Double(part.values.count) }
        }
        for _ in 1..<Self.resamples {
            var sum = 0.0
            var bits: UInt64 = 0
            for (index, term) in terms.enumerated() {
                if index % 64 == 0 { bits = generator.next() }
                sum += bits & 1 == 0 ? term : -term
                bits >>= 1
            }
            if abs(sum) >= observed { count += 1 }
        }
        return Double(count) / Double(Self.resamples)
    }
}
