public import Tensors

/// Whether a picture is nearer to its caption than to a false one (SugarCrepe, arXiv 2306.14610).
public struct PreferenceEvaluation: Sendable {
    public static let convention =
        "a picture is right where its caption scores higher than the false one; ties are misses"

    /// For each picture, whether it is.
    public let hits: [Bool]

    /// Images, captions and false captions `[N, D]`, L2-normalised. Throws `EvaluationError`.
    public init(images: Tensor, captions: Tensor, negatives: Tensor) throws {
        let (right, wrong) = (try images.rowProducts(with: captions), try images.rowProducts(with: negatives))
        hits = zip(right, wrong).map { $0 > $1 }
    }

    public var accuracy: Estimate { Estimate(mean: hits.map { $0 ? 1 : 0 }) }
}

/// Whether two pictures that look alike to CLIP are told apart by two statements (MMVP-VLM, arXiv 2401.06209).
public struct PatternPairEvaluation: Sendable {
    public static let convention = "a pair is right where each of its two statements scores higher with its own picture"

    /// For each pair, whether it is.
    public let hits: [Bool]

    /// Images and their statements `[2 N, D]`, L2-normalised, the two of a pair after one another. Throws `EvaluationError`.
    public init(images: Tensor, statements: Tensor) throws {
        guard images.shape[0] % 2 == 0 else {
            throw EvaluationError.count("pictures", expected: images.shape[0] + 1, found: images.shape[0])
        }
        let swapped = images.gathering(rows: (0..<images.shape[0]).map { $0 ^ 1 })
        let (own, other) = (try images.rowProducts(with: statements), try swapped.rowProducts(with: statements))
        hits = stride(from: 0, to: own.count, by: 2).map { own[$0] > other[$0] && own[$0 + 1] > other[$0 + 1] }
    }

    public var accuracy: Estimate { Estimate(mean: hits.map { $0 ? 1 : 0 }) }
}

extension Tensor {
    /// The product of each row with that of another matrix `[N, D]`. Throws `EvaluationError`.
    fileprivate func rowProducts(with other: Tensor) throws -> [Float] {
        try requireFeatures("image features")
        try other.requireFeatures("text features")
        guard shape == other.shape else { throw EvaluationError.mismatched("pictures and texts", shape, other.shape) }
        let width = shape[1]
        return (0..<shape[0]).map { row in
            (0..<width).reduce(Float(0)) { $0 + data[row * width + $1] * other.data[row * width + $1] }
        }
    }
}
