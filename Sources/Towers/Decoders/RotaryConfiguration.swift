internal import Autodiff
internal import Foundation

/// The angles of rotary position embeddings, and how they are stretched for long texts.
public struct RotaryConfiguration: Equatable, Sendable {
    public enum Stretch: Equatable, Sendable {
        case none
        /// Positions divided by a factor.
        case linear(Float)
        /// Llama 3: long waves divided by a factor, short ones kept, blended between.
        case llama3(factor: Float, low: Float, high: Float, original: Int)
        /// YaRN (Peng et al., 2023, arXiv 2309.00071).
        case yarn(factor: Float, fast: Float, slow: Float, original: Int, attention: Float?)
        /// A divisor for each frequency, as GGUF stores it.
        case divisors([Float])
    }

    /// Such as 10,000.
    public var base: Float
    public var stretch = Stretch.none
    /// Pairs are neighbours, as GGUF orders the rows of Llama's queries and keys.
    public var isInterleaved = false

    func fault(headWidth: Int) -> String? {
        if !(base > 1 && base.isFinite) { return "a rotary base of \(base)" }
        switch stretch {
        case .none: return nil
        case .linear(let factor), .llama3(let factor, _, _, _), .yarn(let factor, _, _, _, _):
            return factor > 0 && factor.isFinite ? nil : "a rotary factor of \(factor)"
        case .divisors(let divisors):
            if divisors.count != headWidth / 2 { return "\(divisors.count) rotary factors for heads of \(headWidth)" }
            return divisors.allSatisfy { $0 > 0 && $0.isFinite } ? nil : "rotary factors that are not positive"
        }
    }

    /// The angles of positions 0 up to `tokens` for heads of `width`.
    func angles(tokens: Int, width: Int) -> RotaryAngles {
        let plain = (0..<width / 2).map { Float(1 / pow(Double(base), Double(2 * $0) / Double(width))) }
        var factor: Float = 1
        let frequencies: [Float]
        switch stretch {
        case .none: frequencies = plain
        case .linear(let divisor): frequencies = plain.map { $0 / divisor }
        case .divisors(let divisors): frequencies = zip(plain, divisors).map { $0 / $1 }
        case .llama3(let divisor, let low, let high, let original):
            frequencies = plain.map { frequency in
                let waves = Float(original) * frequency / (2 * .pi)
                if waves > high { return frequency }
                if waves < low { return frequency / divisor }
                let blend = (waves - low) / (high - low)
                return (1 - blend) * frequency / divisor + blend * frequency
            }
        case .yarn(let divisor, let fast, let slow, let original, let attention):
            factor = attention ?? 0.1 * log(divisor) + 1
            /// The dimension whose wave turns so often over the original length.
            func dimension(turning count: Float) -> Float {
                Float(width) * log(Float(original) / (count * 2 * .pi)) / (2 * log(base))
            }
            let first = max(0, dimension(turning: fast).rounded(.down))
            let last = max(min(Float(width - 1), dimension(turning: slow).rounded(.up)), first + 0.001)
            frequencies = plain.enumerated().map { index, frequency in
                let stretched = min(1, max(0, (Float(index) - first) / (last - first)))
                return stretched * frequency / divisor + (1 - stretched) * frequency
            }
        }
        return RotaryAngles(tokens: tokens, frequencies: frequencies, factor: factor, isInterleaved: isInterleaved)
    }
}
