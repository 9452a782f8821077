/// How the elements of a storage are encoded. Arithmetic runs on `float32`; the others are for files and frozen weights.
public enum ElementType: String, Sendable, Codable, CaseIterable {
    case float32, float16, bfloat16

    /// Bytes that `count` elements occupy.
    public func byteCount(of count: Int) -> Int {
        switch self {
        case .float32: count * 4
        case .float16, .bfloat16: count * 2
        }
    }
}
