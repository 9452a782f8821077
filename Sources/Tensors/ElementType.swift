/// How the elements of a storage are encoded. Arithmetic runs on `float32`; the others are for files and frozen weights.
public enum ElementType: String, Sendable, Codable, CaseIterable {
    case float32, float16, bfloat16
    // GGUF's blocks of small integers with common scales.
    case q40 = "Q4_0"
    case q41 = "Q4_1"
    case q50 = "Q5_0"
    case q51 = "Q5_1"
    case q80 = "Q8_0"
    case q2K = "Q2_K"
    case q3K = "Q3_K"
    case q4K = "Q4_K"
    case q5K = "Q5_K"
    case q6K = "Q6_K"

    /// Elements that are encoded together, and the bytes they take.
    private var block: (elements: Int, bytes: Int) {
        switch self {
        case .float32: (1, 4)
        case .float16, .bfloat16: (1, 2)
        case .q40: (32, 18)
        case .q41: (32, 20)
        case .q50: (32, 22)
        case .q51: (32, 24)
        case .q80: (32, 34)
        case .q2K: (256, 84)
        case .q3K: (256, 110)
        case .q4K: (256, 144)
        case .q5K: (256, 176)
        case .q6K: (256, 210)
        }
    }

    /// Elements that are encoded together: 1, 32 or 256. A row of a tensor consists of whole blocks.
    public var blockLength: Int { block.elements }

    /// Blocks of integers with common scales, which can be widened to float32 and not be written.
    public var isQuantized: Bool { blockLength > 1 }

    /// Bytes that `count` elements, in whole blocks, occupy.
    public func byteCount(of count: Int) -> Int {
        precondition(count % block.elements == 0, "\(rawValue) has blocks of \(block.elements) elements, not \(count)")
        return count / block.elements * block.bytes
    }
}
