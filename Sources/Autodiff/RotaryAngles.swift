internal import Foundation
public import Tensors

/// The cosines and sines by which rotary position embeddings turn queries and keys (Su et al., 2021, arXiv 2104.09864).
public struct RotaryAngles: Sendable {
    /// [T, E/2], as `sines`
    public let cosines: Tensor
    public let sines: Tensor
    /// Pairs are neighbours (2i, 2i + 1), as in the paper and in GGUF's Llama; otherwise (i, i + E/2), as in transformers.
    public let isInterleaved: Bool

    /// - `tokens`: T, positions 0, 1, ...
    /// - `frequencies`: E/2 angles a position.
    /// - `factor`: of cosines and sines, as YaRN has it.
    public init(tokens: Int, frequencies: [Float], factor: Float = 1, isInterleaved: Bool = false) {
        cosines = Tensor(uninitialized: [tokens, frequencies.count])
        sines = Tensor(uninitialized: [tokens, frequencies.count])
        self.isInterleaved = isInterleaved
        let (cosines, sines) = (cosines.data, sines.data)
        parallel(tokens, cost: 40 * Double(frequencies.count)) { range in
            for position in range {
                for (index, frequency) in frequencies.enumerated() {
                    let angle = Double(Float(position) * frequency)
                    cosines[position * frequencies.count + index] = factor * Float(cos(angle))
                    sines[position * frequencies.count + index] = factor * Float(sin(angle))
                }
            }
        }
    }
}
