import Foundation

/// Seeded, platform-independent random numbers: xoshiro256** seeded by SplitMix64 (Blackman and Vigna, 2018).
/// The whole state is a value, so a checkpoint stores it and a resumed run continues with the same bits.
public struct RandomGenerator: RandomNumberGenerator, Codable, Equatable, Sendable {
    private var state: [UInt64]

    public init(seed: UInt64) {
        var mixer = seed
        state = (0..<4).map { _ in
            mixer &+= 0x9e37_79b9_7f4a_7c15
            var z = mixer
            z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
            z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
            return z ^ (z >> 31)
        }
    }

    /// A stream of its own for every name under one seed: the order in which parameters are made does not matter.
    public init(seed: UInt64, stream: String) {
        // FNV-1a over the name's bytes.
        let hash = stream.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
        self.init(seed: seed ^ hash)
    }

    public mutating func next() -> UInt64 {
        let result = rotate(state[1] &* 5, 7) &* 9
        let shifted = state[1] << 17
        state[2] ^= state[0]
        state[3] ^= state[1]
        state[1] ^= state[2]
        state[0] ^= state[3]
        state[2] ^= shifted
        state[3] = rotate(state[3], 45)
        return result
    }

    private func rotate(_ value: UInt64, _ bits: UInt64) -> UInt64 { (value << bits) | (value >> (64 - bits)) }

    /// Uniform in `[0, 1)`, 24 bits.
    public mutating func uniform() -> Float { Float(next() >> 40) * 0x1p-24 }

    /// Normal with mean 0 and deviation 1 (sum-free Box-Muller, one value a call).
    public mutating func normal() -> Float {
        let radius = (-2 * log(1 - Double(next() >> 11) * 0x1p-53)).squareRoot()
        let angle = 2 * Double.pi * Double(next() >> 11) * 0x1p-53
        return Float(radius * cos(angle))
    }
}

extension Tensor {
    /// Independent normal values with the given deviation.
    public static func normal(_ shape: Shape, deviation: Float = 1, using generator: inout RandomGenerator) -> Tensor {
        let tensor = Tensor(uninitialized: shape)
        for index in 0..<shape.count { tensor.data[index] = generator.normal() * deviation }
        return tensor
    }

    /// Independent values, uniform in `[-bound, bound)`.
    public static func uniform(_ shape: Shape, bound: Float, using generator: inout RandomGenerator) -> Tensor {
        let tensor = Tensor(uninitialized: shape)
        for index in 0..<shape.count { tensor.data[index] = (generator.uniform() * 2 - 1) * bound }
        return tensor
    }
}
