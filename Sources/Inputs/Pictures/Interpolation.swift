internal import Foundation

/// The kernel that weighs the pixels around a position.
public enum Interpolation: String, Codable, Sendable {
    /// Keys' cubic convolution with a = -0.5.
    case bicubic
    case bilinear
    /// Lanczos' window of three lobes.
    case lanczos

    /// The input positions from `first` on that make up one output position.
    public struct Tap: Sendable {
        public let first: Int
        public let weights: [Double]

        public init(first: Int, weights: [Double]) {
            self.first = first
            self.weights = weights
        }
    }

    /// The weights of each output position of an axis, normalised; a reduction widens the kernel (antialiasing).
    public func taps(from inputSize: Int, to outputSize: Int) -> [Tap] {
        let scale = Double(inputSize) / Double(outputSize)
        let filterScale = max(scale, 1)
        let support = support * filterScale
        return (0..<outputSize).map { position in
            let center = (Double(position) + 0.5) * scale
            let low = max(0, Int(center - support + 0.5))
            let high = min(inputSize, Int(center + support + 0.5))
            let values = (low..<high).map { weight(at: (Double($0) - center + 0.5) * (1 / filterScale)) }
            let total = values.reduce(0, +)
            return Tap(first: low, weights: total == 0 ? values : values.map { $0 / total })
        }
    }

    private var support: Double {
        switch self {
        case .bicubic: 2
        case .bilinear: 1
        case .lanczos: 3
        }
    }

    private func weight(at distance: Double) -> Double {
        let x = abs(distance)
        guard x < support else { return 0 }
        switch self {
        case .bicubic:
            let a = -0.5
            return x < 1 ? ((a + 2) * x - (a + 3)) * x * x + 1 : (((x - 5) * x + 8) * x - 4) * a
        case .bilinear: return 1 - x
        case .lanczos: return Self.sinc(x) * Self.sinc(x / 3)
        }
    }

    private static func sinc(_ x: Double) -> Double { x == 0 ? 1 : sin(x * Double.pi) / (x * Double.pi) }
}
