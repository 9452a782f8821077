internal import CKernels
internal import COpenBLAS

/// Row-major sgemm over raw memory: `C = alpha · A × B + beta · C`, either operand transposed on request.
///
/// Where the processor multiplies tiles of bfloat16 (`BFloatProduct`), it does the products of some size, three numbers a
/// value: as exact as sgemm, and faster. OpenBLAS does the others and runs on the calling thread only; large products are
/// cut along their longer side and shared out by the thread pool. So nothing spins, nested products do not fight, and the
/// bits do not depend on the number of threads.
///
/// - `bias`: a vector [n] that is added to every row in the place of `beta · C`.
/// - `precision`: what may be rounded before it is multiplied, where that is faster.
/// - `isShared`: false inside a body that the pool runs already: the product is not cut.
public func gemm(
    _ transposeA: Bool, _ transposeB: Bool, _ m: Int, _ n: Int, _ k: Int, alpha: Float,
    _ a: UnsafePointer<Float>, _ strideA: Int, _ b: UnsafePointer<Float>, _ strideB: Int, beta: Float,
    _ c: UnsafeMutablePointer<Float>, _ strideC: Int, bias: UnsafePointer<Float>? = nil,
    precision: ProductPrecision = .float32, isShared: Bool = true
) {
    if isAbandoned { return }
    if BFloatProduct.pays(m, n, k) {
        let product = BFloatProduct(rows: m, columns: n, inner: k, parts: BFloatProduct.parts(of: precision))
        return product(
            .init(x: a, lineStep: transposeA ? 1 : strideA, innerStep: transposeA ? strideA : 1),
            .init(x: b, lineStep: transposeB ? strideB : 1, innerStep: transposeB ? 1 : strideB), alpha: alpha,
            beta: beta, bias: bias, c, strideC)
    }
    _ = preparedBLAS
    if let bias { fillRows(c, strideC, rows: m, with: bias, columns: n) }
    let beta = bias == nil ? beta : 1
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

/// Every row of a matrix becomes a vector.
func fillRows(
    _ matrix: UnsafeMutablePointer<Float>, _ stride: Int, rows: Int, with vector: UnsafePointer<Float>, columns: Int
) {
    parallel(rows, cost: 0.5 * Double(columns)) { range in
        for row in range { (matrix + row * stride).update(from: vector, count: columns) }
    }
}

/// Whether a product of this size packs each operand but once, however it is cut.
public func packsOnce(_ m: Int, _ n: Int, _ k: Int) -> Bool { BFloatProduct.pays(m, n, k) }

/// How many pieces a product is cut into: none below 4 MFLOP (about 40 µs), and few, because each piece packs the whole
/// other operand anew, which costs most where the inner dimension is long.
private func chunkCount(_ m: Int, _ n: Int, _ k: Int) -> Int {
    min(k > max(m, n) ? 4 : 8, 2 * m * n * k / 2_000_000, max(m, n) / 48)
}

private let preparedBLAS: Void = {
    openblas_correct_core(openblas_core())
    openblas_set_num_threads(1)
}()
