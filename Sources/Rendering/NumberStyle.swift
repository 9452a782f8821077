import Glibc

/// How numbers are rounded for people. Formats for machines (CSV, JSON) always write the full value.
public enum NumberStyle: Sendable, Hashable {
    /// At most so many significant digits, trailing zeros dropped: `0.4213`, `12.3`, `2e-05`. Whole parts stay whole.
    case significant(Int)
    /// Exactly so many decimals: `0.420`.
    case fixed(Int)
    /// A fraction as a percentage with so many decimals and no sign: 0.421 is `42.1`.
    case percent(Int)

    /// The text of a cell; an empty string for `.missing`.
    public func text(_ scalar: Scalar) -> String {
        switch scalar {
        case .number(let value): text(value)
        case .integer(let value): String(value)
        case .text(let value): value
        case .boolean(let value): String(value)
        case .missing: ""
        }
    }

    public func text(_ value: Double) -> String {
        guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
        switch self {
        case .significant(let digits):
            let wholeDigits = value.magnitude < 1 ? 0 : Int(log10(value.magnitude)) + 1
            let isWhole = wholeDigits >= digits && wholeDigits <= 15
            return isWhole ? printed("%.*f", 0, value) : printed("%.*g", Int32(digits), value)
        case .fixed(let decimals): return printed("%.*f", Int32(decimals), value)
        case .percent(let decimals): return printed("%.*f", Int32(decimals), value * 100)
        }
    }
}

private func printed(_ pattern: String, _ precision: Int32, _ value: Double) -> String {
    withVaList([precision, value]) { arguments in
        // The longest finite double with a few decimals: 309 digits before the point.
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { buffer in
            vsnprintf(buffer.baseAddress, buffer.count, pattern, arguments)
            return buffer.baseAddress.map { String(cString: $0) } ?? ""
        }
    }
}
