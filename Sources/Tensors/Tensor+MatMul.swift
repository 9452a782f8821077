extension Tensor {
    /// The matrix product of two rank-2 tensors, either transposed on request: `[M, K] × [K, N] -> [M, N]`.
    public static func matmul(
        _ a: Tensor, _ b: Tensor, transposeA: Bool = false, transposeB: Bool = false,
        precision: ProductPrecision = .float32, in workspace: Workspace? = nil
    ) -> Tensor {
        let m = transposeA ? a.shape[1] : a.shape[0]
        let n = transposeB ? b.shape[0] : b.shape[1]
        let result = Tensor(uninitialized: [m, n], in: workspace)
        matmul(a, b, transposeA: transposeA, transposeB: transposeB, precision: precision, into: result)
        return result
    }

    /// `target = alpha · a × b + beta · target`, writing in place.
    ///
    /// - `bias`: [N], added to every row in the place of `beta · target`.
    public static func matmul(
        _ a: Tensor, _ b: Tensor, transposeA: Bool = false, transposeB: Bool = false,
        alpha: Float = 1, beta: Float = 0, bias: Tensor? = nil, precision: ProductPrecision = .float32,
        into target: Tensor
    ) {
        requireShape(a.shape.rank == 2 && b.shape.rank == 2, "matmul", expected: "two matrices", a.shape, b.shape)
        let (m, k) = transposeA ? (a.shape[1], a.shape[0]) : (a.shape[0], a.shape[1])
        let (inner, n) = transposeB ? (b.shape[1], b.shape[0]) : (b.shape[0], b.shape[1])
        requireShape(k == inner, "matmul", expected: "equal inner dimensions", a.shape, b.shape)
        requireShape(target.shape == [m, n], "matmul", expected: "a target of shape [\(m), \(n)]", target.shape)
        requireShape(
            bias.map { $0.shape == [n] } ?? true, "matmul", expected: "a bias of shape [\(n)]", bias?.shape ?? [])
        if m == 0 || n == 0 { return }
        gemm(
            transposeA, transposeB, m, n, k, alpha: alpha, a.data, max(1, a.shape[1]), b.data, max(1, b.shape[1]),
            beta: beta, target.data, n, bias: bias?.data, precision: precision)
    }
}
