extension Tensor {
    /// `target = input × weightᵀ + beta · target`, or `+ bias` in each row, for a matrix [O, I] in any encoding: some of its rows at a time are
    /// widened by the thread that multiplies them, so that the matrix never stands in memory as float32.
    public static func matmul(
        _ input: Tensor, packed weight: Tensor, precision: ProductPrecision = .float32, beta: Float = 0,
        bias: Tensor? = nil, into target: Tensor
    ) {
        requireShape(
            input.shape.rank == 2 && weight.shape.rank == 2 && input.shape[1] == weight.shape[1]
                && target.shape == [input.shape[0], weight.shape[0]], "matmul",
            expected: "[R, I], a packed [O, I] and a target [R, O]", input.shape, weight.shape, target.shape)
        let (rows, inputs, outputs) = (input.shape[0], weight.shape[1], weight.shape[0])
        if rows == 0 || inputs == 0 || outputs == 0 { return }
        let (x, y) = (input.data, target.data)
        if weight.elementType == .float32 && (precision != .int16 || BFloatProduct.pays(rows, outputs, inputs)) {
            return matmul(input, weight, transposeB: true, beta: beta, bias: bias, precision: precision, into: target)
        }
        let bias = bias?.data
        if BFloatProduct.pays(rows, outputs, inputs) {
            return weight.withWidenedPieces { wide, range in
                gemm(
                    false, true, rows, range.count, inputs, alpha: 1, x, inputs, wide, inputs, beta: beta,
                    y + range.lowerBound, outputs, bias: bias.map { $0 + range.lowerBound }, precision: precision)
            }
        }
        if let bias { fillRows(y, outputs, rows: rows, with: bias, columns: outputs) }
        let beta = bias == nil ? beta : 1
        if precision == .int16 && IntegerProduct.isNative {
            let product = IntegerProduct(rows: rows, columns: outputs, inner: inputs)
            return product(x, right: weight.withWidened, beta: beta, y)
        }
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

    /// The rows of a matrix as float32, four megabytes at a time, widened by all threads.
    private func withWidenedPieces(_ body: (UnsafePointer<Float>, Range<Int>) -> Void) {
        let (rows, columns) = (shape[0], shape[1])
        let piece = min(rows, max(1, (1 << 15) / columns) * 32)
        Scratch.with(bytes: 4 * piece * columns) { memory in
            let wide = memory.assumingMemoryBound(to: Float.self)
            for start in stride(from: 0, to: rows, by: piece) {
                let range = start..<min(rows, start + piece)
                parallel(range.count, cost: 0.5 * Double(columns)) { some in
                    let (first, last) = ((start + some.lowerBound) * columns, (start + some.upperBound) * columns)
                    widen(first..<last, into: wide + some.lowerBound * columns)
                }
                body(wide, range)
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
