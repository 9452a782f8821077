internal import CKernels
public import Tensors

extension Variable {
    /// `x · weightᵀ + bias` with a constant matrix [O, I] in any encoding, widened piece by piece: [..., I] -> [..., O].
    public func linear(
        packed weight: Tensor, bias: Variable?, precision: ProductPrecision = .float32
    ) -> Variable {
        requireShape(
            shape.rank >= 1 && weight.shape.rank == 2 && weight.shape[1] == shape.columns
                && (bias.map { $0.shape == [weight.shape[0]] } ?? true), "linear",
            expected: "a last axis of the weight's second extent and a bias of its first", shape, weight.shape,
            bias?.shape ?? [])
        let (workspace, shape) = (workspace, shape)
        // The coarser of what the matrix and the tape allow.
        let products = Self.products(of: self)
        let precision = products == .bfloat16 ? products : precision
        let (rows, outputs) = (shape.rows, weight.shape[0])
        let result = Tensor(uninitialized: [rows, outputs], in: workspace)
        Tensor.matmul(
            value.reshaped([rows, shape.columns]), packed: weight, precision: precision, bias: bias?.value, into: result
        )
        let shaped = result.reshaped(Shape(shape.dimensions.dropLast() + [outputs]))
        return recorded(shaped, from: [self] + (bias.map { [$0] } ?? [])) { [needsGradient] upstream in
            let upstream = upstream.reshaped([rows, outputs])
            // The way back (LoRA below a frozen layer) is rare: it widens the whole matrix for the moment.
            let gradient =
                needsGradient
                ? Tensor.matmul(
                    upstream, weight.converted(to: .float32, in: workspace), precision: products, in: workspace
                ).reshaped(shape)
                : nil
            return [gradient] + (bias.map { [$0.needsGradient ? upstream.columnSums(in: workspace) : nil] } ?? [])
        }
    }
}
