internal import Foundation

/// A range of values with round numbers on it.
struct Axis {
    let label: String
    let range: ClosedRange<Double>
    let ticks: [Double]
    private let step: Double
    private let names: [String]

    /// A name at each whole number from 0.
    init(_ names: [String], label: String) {
        (self.label, self.names, step) = (label, names, 1)
        range = -0.5...(Double(max(1, names.count)) - 0.5)
        ticks = names.indices.map(Double.init)
    }

    /// - `isTight`: end at the outermost values instead of at the round numbers around them.
    /// - `margin`: the share of its length that a tight axis goes on at either end.
    init(_ values: [Double], label: String, isTight: Bool = false, margin: Double = 0, count: Int = 5) {
        self.label = label
        let finite = values.filter(\.isFinite)
        var (low, high) = (finite.min() ?? 0, finite.max() ?? 1)
        if high - low <= abs(high) * 1e-12 { (low, high) = (low - max(abs(low), 1) / 2, high + max(abs(high), 1) / 2) }
        if isTight, margin > 0, (high - low).isFinite {
            (low, high) = (low - (high - low) * margin, high + (high - low) * margin)
        }
        let step = Axis.step(max(high - low, .leastNormalMagnitude) / Double(count))
        // A quotient that should be whole may be off by a rounding error.
        let (start, end, slack) = (low / step, high / step, 1e-9)
        let first = (isTight ? (start - slack).rounded(.up) : (start + slack).rounded(.down)) * step
        let last = (isTight ? (end + slack).rounded(.down) : (end - slack).rounded(.up)) * step
        (self.step, names) = (step, [])
        range = isTight ? low...high : min(first, low)...max(last, high)
        let ticksCount = Int(min(100, max(0, ((last - first) / step).rounded())))
        ticks = (0...ticksCount).map { first + Double($0) * step }
    }

    /// 1, 2 or 5 times a power of ten.
    private static func step(_ least: Double) -> Double {
        let power = pow(10, log10(least).rounded(.down))
        return ([1, 2, 5].first { $0 * power >= least } ?? 10) * power
    }

    /// Where a value lies: 0 at the beginning, 1 at the end.
    func place(_ value: Double) -> Double {
        (value - range.lowerBound) / (range.upperBound - range.lowerBound)
    }

    func text(_ tick: Double) -> String {
        if !names.isEmpty { return names[min(names.count - 1, max(0, Int(tick)))] }
        // What should be zero may be a rounding error.
        let value = abs(tick) < step / 1e6 ? 0 : tick
        let digits = max(1, Int(log10(max(abs(range.lowerBound), abs(range.upperBound)) / step).rounded(.up)) + 1)
        return NumberStyle.significant(min(digits, 9)).text(value)
    }
}
