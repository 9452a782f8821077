/// How exactly products of matrices are computed. Sums are of single precision at least.
public enum ProductPrecision: String, Sendable, Codable, CaseIterable {
    /// In single precision. Processors with AMX take it apart into three bfloat16 numbers a value, six products of which
    /// keep its accuracy.
    case float32
    /// In exact sums of 16-bit integers: each operand is rounded to 13 bits within blocks of 128 values, an error of about
    /// 2.5e-4 of a product's size (TF32's is of that order, bfloat16's eight times larger). Processors with AMX take two
    /// bfloat16 numbers a value instead (5e-6); where the processor has neither that nor AVX512-VNNI, single precision takes
    /// its place. For matrices of frozen networks.
    case int16
    /// Each operand is rounded to bfloat16, an error of about 2.4e-3 of a product's size. Where the processor has no AMX,
    /// single precision takes its place, which is as fast there.
    case bfloat16
}
