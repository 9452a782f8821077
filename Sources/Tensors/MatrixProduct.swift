internal import CKernels
internal import COpenBLAS

/// Row-major sgemm over raw memory: `C = alpha · A × B + beta · C`, either operand transposed on request.
///
/// OpenBLAS runs on the calling thread only; large products are cut along their longer side and shared out by the
/// thread pool. So nothing spins, nested products do not fight, and the bits do not depend on the number of threads.
///
/// - Parameter isShared: false inside a body that the pool runs already: the product is not cut.
public func gemm(
    _ transposeA: Bool, _ transposeB: Bool, _ m: Int, _ n: Int, _ k: Int, alpha: Float,
    _ a: UnsafePointer<Float>, _ strideA: Int, _ b: UnsafePointer<Float>, _ strideB: Int, beta: Float,
    _ c: UnsafeMutablePointer<Float>, _ strideC: Int, isShared: Bool = true
) {
    if isAbandoned { return }
    _ = preparedBLAS
    func product(_ rows: Range<Int>, _ columns: Range<Int>) {
        let (row, column) = (rows.lowerBound, columns.lowerBound)
        cblas_sgemm(
            CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
            blasint(rows.count), blasint(columns.count), blasint(k), alpha,
            a + row * (transposeA ? 1 : strideA), blasint(strideA),
            b + column * (transposeB ? strideB : 1), blasint(strideB), beta,
            c + row * strideC + column, blasint(strideC))
    }
    let (longer, chunks) = (max(m, n), chunkCount(m, n, k))
    if chunks < 2 || !isShared { return product(0..<m, 0..<n) }
    // Whole vectors a chunk.
    let step = (longer / chunks + 15) / 16 * 16
    ThreadPool.shared.run(chunks: (longer + step - 1) / step) { index in
        let piece = index * step..<min(longer, (index + 1) * step)
        if m >= n { product(piece, 0..<n) } else { product(0..<m, piece) }
    }
}

/// How many pieces a product is cut into: none below 4 MFLOP (about 40 µs), and few, because each piece packs the whole
/// other operand anew, which costs most where the inner dimension is long.
private func chunkCount(_ m: Int, _ n: Int, _ k: Int) -> Int {
    min(k > max(m, n) ? 4 : 8, 2 * m * n * k / 2_000_000, max(m, n) / 48)
}

private let preparedBLAS: Void = {
    openblas_correct_core(openblas_core())
    openblas_set_num_threads(1)
}()
