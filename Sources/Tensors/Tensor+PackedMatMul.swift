extension Tensor {
    /// `target = input × weightᵀ + beta · target` for a matrix [O, I] in any encoding: some of its rows at a time are
    /// widened by the thread that multiplies them, so that the matrix never stands in memory as float32.
    public static func matmul(
        _ input: Tensor, packed weight: Tensor, precision: ProductPrecision = .float32, beta: Float = 0,
        into target: Tensor
    ) {
        requireShape(
            input.shape.rank == 2 && weight.shape.rank == 2 && input.shape[1] == weight.shape[1]
                && target.shape == [input.shape[0], weight.shape[0]], "matmul",
            expected: "[R, I], a packed [O, I] and a target [R, O]", input.shape, weight.shape, target.shape)
        let (rows, inputs, outputs) = (input.shape[0], weight.shape[1], weight.shape[0])
        if rows == 0 || inputs == 0 || outputs == 0 { return }
        let (x, y) = (input.data, target.data)
        if precision == .int16 && IntegerProduct.isNative {
            let product = IntegerProduct(rows: rows, columns: outputs, inner: inputs)
            return product(x, right: weight.withWidened, beta: beta, y)
        }
        if weight.elementType == .float32 { return matmul(input, weight, transposeB: true, beta: beta, into: target) }
        // About half a megabyte of widened rows, and several pieces even of a small matrix.
        let limit = max(16, min(131_072 / inputs, (outputs + 3) / 4))
        let piece = (limit + 15) / 16 * 16
        ThreadPool.shared.run(chunks: (outputs + piece - 1) / piece) { index in
            let range = index * piece..<min((index + 1) * piece, outputs)
            weight.withWidened(range) { wide in
                gemm(
                    false, true, rows, range.count, inputs, alpha: 1, x, inputs, wide, inputs, beta: beta,
                    y + range.lowerBound, outputs, isShared: false)
            }
        }
    }

    /// Some rows of a matrix as float32: where they lie, or widened for the time of the call.
    private func withWidened(_ rows: Range<Int>, _ body: (UnsafePointer<Float>) -> Void) {
        let columns = shape[1]
        if elementType == .float32 { return body(data + rows.lowerBound * columns) }
        let wide = UnsafeMutablePointer<Float>.allocate(capacity: rows.count * columns)
        defer { wide.deallocate() }
        widen(rows.lowerBound * columns..<rows.upperBound * columns, into: wide)
        body(wide)
    }
}
