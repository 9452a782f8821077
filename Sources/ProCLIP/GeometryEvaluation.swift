internal import Foundation
public import Tensors

/// How pictures and texts lie on the sphere.
public struct GeometryEvaluation: Sendable {
    public static let convention =
        "alignment: mean squared distance of a picture and its caption; uniformity: log of the mean of exp(-2 d²) over "
        + "pairs; gap: distance of the means of pictures and texts"

    /// Mean squared distance of pairs (Wang and Isola, arXiv 2005.10242, Eq. 1 with α = 2); 0 is perfect, 4 opposite.
    public let alignment: Double
    /// `log mean exp(-2 ‖x - y‖²)` over all pairs of pictures, and of texts (Eq. 2 with t = 2); lower is more uniform.
    public let imageUniformity: Double
    public let textUniformity: Double
    /// `‖mean of pictures - mean of texts‖` (Liang et al., arXiv 2203.02053).
    public let gap: Double

    /// Images and their captions `[N, D]`, L2-normalised, N at least 2. Throws `EvaluationError`.
    public init(images: Tensor, texts: Tensor) throws {
        try images.requireFeatures("image features")
        try texts.requireFeatures("text features")
        guard images.shape == texts.shape else {
            throw EvaluationError.mismatched("pictures and texts", images.shape, texts.shape)
        }
        guard images.shape[0] > 1 else { throw EvaluationError.empty("pairs of pictures") }
        let (count, width) = (images.shape[0], images.shape[1])
        var sum = 0.0
        for index in 0..<count * width {
            let distance = Double(images.data[index] - texts.data[index])
            sum += distance * distance
        }
        alignment = sum / Double(count)
        (imageUniformity, textUniformity) = (Self.uniformity(images), Self.uniformity(texts))
        gap = zip(Self.mean(images), Self.mean(texts)).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    }

    /// For unit vectors ‖x - y‖² = 2 - 2 x·y. Memory: 256 · N.
    private static func uniformity(_ x: Tensor) -> Double {
        let count = x.shape[0]
        var sum = 0.0
        for start in stride(from: 0, to: count, by: Ranking.blockRows) {
            let rows = start..<min(start + Ranking.blockRows, count)
            let products = Tensor.matmul(x.rows(rows), x, transposeB: true)
            for row in rows {
                for column in row + 1..<max(row + 1, count) {
                    sum += exp(4 * Double(products.data[(row - start) * count + column]) - 4)
                }
            }
        }
        return log(sum / (Double(count) * Double(count - 1) / 2))
    }

    private static func mean(_ x: Tensor) -> [Double] {
        let (count, width) = (x.shape[0], x.shape[1])
        return (0..<width).map { column in
            (0..<count).reduce(0.0) { $0 + Double(x.data[$1 * width + column]) } / Double(count)
        }
    }

    public var fields: [(name: String, value: Double)] {
        [
            ("alignment", alignment), ("image_uniformity", imageUniformity), ("text_uniformity", textUniformity),
            ("modality_gap", gap),
        ]
    }
}
