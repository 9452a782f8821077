internal import Learning
public import Tensors

/// Linear centred kernel alignment (Kornblith et al., arXiv 1905.00414): how alike two representations of the same
/// inputs are, up to rotation and scale. 1 is identical, 0 unrelated.
public enum LinearCKA {
    /// ‖Yᵀ X‖² / (‖Xᵀ X‖ ‖Yᵀ Y‖) of column-centred X `[N, D]` and Y `[N, E]`, Frobenius norms.
    /// Throws `EvaluationError` for features that are not finite, differ in rows, or do not vary.
    public static func similarity(_ x: Tensor, _ y: Tensor) throws -> Double {
        try x.requireFeatures("first features")
        try y.requireFeatures("second features")
        guard x.shape[0] == y.shape[0] else {
            throw EvaluationError.mismatched("two representations", x.shape, y.shape)
        }
        let (a, b) = (x.centredColumns().centred, y.centredColumns().centred)
        let cross = Tensor.matmul(b, a, transposeA: true).squaredNorm
        let own =
            (Tensor.matmul(a, a, transposeA: true).squaredNorm * Tensor.matmul(b, b, transposeA: true).squaredNorm)
            .squareRoot()
        guard own > 0 else { throw EvaluationError.empty("features that vary") }
        return cross / own
    }
}
