/// How the products of a frozen network's matrices are computed.
public enum ProductPrecision: String, Sendable, Codable, CaseIterable {
    /// In single precision, as the rest.
    case float32
    /// In exact sums of 16-bit integers: each operand is rounded to 13 bits within blocks of 128 values, an error of about
    /// 2.5e-4 of a product's size (TF32's is of that order, bfloat16's eight times larger). Where the processor multiplies
    /// no integers (AVX512-VNNI), single precision takes its place.
    case int16
}
