public import Tensors

/// Classification by the nearest class embedding, where a class is a prompt ensemble.
public struct ZeroShotEvaluation: Sendable {
    /// What is counted, for the reader of a table.
    public static let convention =
        "a class is the renormalised mean of its normalised prompt embeddings; ties count as misses; "
        + "mean_per_class_recall is over the classes that occur"

    /// For each picture, how many wrong classes score at least as high as the right one.
    public let ranks: [Int]
    private let labels: [Int]

    /// Images `[N, D]`, L2-normalised, with a label each; classes `[C, D]` as `ensemble` makes them.
    /// Throws `EvaluationError` for empty input, features that are not finite, and labels out of range.
    public init(images: Tensor, labels: [Int], classes: Tensor) throws {
        try images.requireFeatures("image features")
        try classes.requireFeatures("class embeddings")
        guard images.shape[1] == classes.shape[1] else {
            throw EvaluationError.mismatched("image features and class embeddings", images.shape, classes.shape)
        }
        guard labels.count == images.shape[0] else {
            throw EvaluationError.count("labels", expected: images.shape[0], found: labels.count)
        }
        for label in labels where label < 0 || label >= classes.shape[0] {
            throw EvaluationError.index("label", label, bound: classes.shape[0])
        }
        self.labels = labels
        ranks = Ranking.ranks(of: images, among: classes, relevant: labels.map { [$0] }).compactMap(\.self)
    }

    /// The class embeddings `[C, D]` of prompts `[C · P, D]`, P consecutive rows a class: the mean of the normalised
    /// rows, renormalised.
    public static func ensemble(_ prompts: Tensor, perClass: Int) throws -> Tensor {
        try prompts.requireFeatures("prompt embeddings")
        guard perClass > 0, prompts.shape[0] % perClass == 0 else {
            throw EvaluationError.count("prompts a class", expected: perClass, found: prompts.shape[0])
        }
        let width = prompts.shape[1]
        let result = Tensor.zeros([prompts.shape[0] / perClass, width])
        for row in 0..<prompts.shape[0] {
            let source = prompts.data + row * width
            let target = result.data + row / perClass * width
            let norm = Float(prompts.rows(row..<row + 1).squaredNorm.squareRoot())
            for column in 0..<width { target[column] += source[column] / max(norm, 1e-12) }
        }
        for row in 0..<result.shape[0] {
            let norm = Float(result.rows(row..<row + 1).squaredNorm.squareRoot())
            for column in 0..<width { result.data[row * width + column] /= max(norm, 1e-12) }
        }
        return result
    }

    /// The share of pictures whose class is among the k best.
    public func accuracy(at k: Int) -> Estimate { Ranking.recall(ranks, at: k) }

    /// Top-1 accuracy averaged over classes.
    public var meanPerClassRecall: Estimate {
        let hits = Dictionary(grouping: zip(ranks, labels), by: \.1).sorted { $0.key < $1.key }
        return Estimate(mean: hits.map { Estimate(mean: $0.value.map { $0.0 == 0 ? 1 : 0 }) })
    }

    /// The named numbers of a result, in the order in which they are shown.
    public var estimates: [(name: String, value: Estimate)] {
        [("acc1", accuracy(at: 1)), ("acc5", accuracy(at: 5)), ("mean_per_class_recall", meanPerClassRecall)]
    }
}
