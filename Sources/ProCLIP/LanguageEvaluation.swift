internal import Autodiff
public import Tensors

/// Whether texts of one meaning find each other across two languages, and how far they stand out from the others.
public struct LanguageEvaluation: Sendable {
    /// How often the nearest text of the other language means the same, from the one language and from the other.
    public let recallTo: Double
    public let recallFrom: Double
    /// Mean cosine of texts of one meaning, and of all others.
    public let same: Double
    public let other: Double
    /// `(same - other)` in standard deviations of the others.
    public let separability: Double

    /// Texts of one language [N, d] and of the other [M, d]; `bearers[t]` are the rows of the first that
    /// mean what text t means. Throws `EvaluationError` as `RetrievalEvaluation` does.
    public init(from: Tensor, to: Tensor, bearers: [[Int]]) throws {
        let (from, to) = (Variable(from).l2Normalized().value, Variable(to).l2Normalized().value)
        let retrieval = try RetrievalEvaluation(images: from, texts: to, bearers: bearers)
        (recallTo, recallFrom) = (retrieval.textRecall(at: 1).value, retrieval.imageRecall(at: 1).value)
        let cosines = Tensor.matmul(to, from, transposeB: true)
        let width = from.shape[0]
        var (count, sum, others, total, squares) = (0, 0.0, 0, 0.0, 0.0)
        for (text, rows) in bearers.enumerated() {
            let meant = Set(rows)
            for row in 0..<width {
                let cosine = Double(cosines.data[text * width + row])
                if meant.contains(row) {
                    (count, sum) = (count + 1, sum + cosine)
                } else {
                    (others, total, squares) = (others + 1, total + cosine, squares + cosine * cosine)
                }
            }
        }
        same = sum / Double(max(1, count))
        other = total / Double(max(1, others))
        let deviation = (squares / Double(max(1, others)) - other * other).squareRoot()
        separability = deviation > 0 ? (same - other) / deviation : 0
    }

    public var recall: Double { (recallTo + recallFrom) / 2 }
}
