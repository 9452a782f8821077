internal import CKernels
internal import Tensors

extension Variable {
    /// `x · weightᵀ + bias`: [..., I] -> [..., O].
    ///
    /// - Parameters:
    ///   - weight: [O, I], PyTorch's orientation.
    ///   - bias: [O], or nil.
    public func linear(weight: Variable, bias: Variable?) -> Variable {
        requireShape(
            shape.rank >= 1 && weight.shape.rank == 2 && weight.shape[1] == shape.columns, "linear",
            expected: "a last axis of the weight's second extent", shape, weight.shape)
        requireShape(
            bias.map { $0.shape == [weight.shape[0]] } ?? true, "linear",
            expected: "a bias of the weight's first extent",
            weight.shape, bias?.shape ?? [])
        let (workspace, precision) = (Self.workspace(of: self, weight), Self.products(of: self, weight))
        let (rows, outputs) = (shape.rows, weight.shape[0])
        let input = value.reshaped([rows, shape.columns])
        let result = Tensor(uninitialized: [rows, outputs], in: workspace)
        Tensor.matmul(input, weight.value, transposeB: true, bias: bias?.value, precision: precision, into: result)
        let shaped = result.reshaped(Shape(shape.dimensions.dropLast() + [outputs]))
        return recorded(shaped, from: [self, weight] + (bias.map { [$0] } ?? [])) { [self] upstream in
            let upstream = upstream.reshaped([rows, outputs])
            return [
                needsGradient
                    ? Tensor.matmul(upstream, weight.value, precision: precision, in: workspace).reshaped(shape) : nil,
                weight.needsGradient ? upstream.transposedProduct(input, precision, in: workspace) : nil,
                bias?.needsGradient == true ? upstream.columnSums(in: workspace) : nil,
            ]
        }
    }
}

extension Tensor {
    /// `selfᵀ × other` over their common rows: [R, O] and [R, I] -> [O, I].
    ///
    /// Where rows are the longest axis a product by sgemm is summed over pieces of them, so that no operand is packed twice.
    func transposedProduct(_ other: Tensor, _ precision: ProductPrecision, in workspace: Workspace?) -> Tensor {
        let (rows, outputs, inputs) = (shape[0], shape[1], other.shape[1])
        if rows <= 2 * max(outputs, inputs) || packsOnce(outputs, inputs, rows) {
            return .matmul(self, other, transposeA: true, precision: precision, in: workspace)
        }
        let (dy, x) = (data, other.data)
        let sums = summedChunks(rows, outputs * inputs, most: 4, price: 0.02, in: workspace) { range, sums in
            let start = range.lowerBound
            gemm(
                true, false, outputs, inputs, range.count, alpha: 1, dy + start * outputs, outputs, x + start * inputs,
                inputs, beta: 1, sums, inputs, isShared: false)
        }
        return sums.reshaped([outputs, inputs])
    }
}
