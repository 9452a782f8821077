internal import Autodiff
internal import Tensors

/// Something to time: `prepare` builds its inputs and returns the part that counts, which is given the number of the
/// round, so that inputs can take turns and caches do not flatter.
struct Workload: Sendable {
    let name: String
    /// Floating-point operations of one run, matrix products only.
    let operations: Double
    /// Samples of one run, where their number is the question.
    var samples: Int?
    /// What training and its data should hold, by formula.
    var expectedBytes: Int?
    let prepare: @Sendable (Inputs) throws -> (Int) -> Void

    /// Those of issue-sized shapes, which `Tests/Peers` runs in other libraries too, then small ones of the engine alone.
    static let all: [Workload] =
        steps + encoders + losses + attentions + [adamW, imageInput, retrieval] + growth + parts + smallSteps
}

/// What workloads need from outside.
struct Inputs {
    let pictures: String?
    /// Of the products of networks, where a workload has one.
    let products: ProductPrecision
}

/// Independent normal values.
func random(_ shape: Shape, seed: UInt64 = 1) -> Tensor {
    var generator = RandomGenerator(seed: seed)
    return .normal(shape, using: &generator)
}

/// Rows of length 1.
func features(_ rows: Int, _ width: Int, seed: UInt64) -> Tensor {
    Variable(random([rows, width], seed: seed)).l2Normalized().value
}
