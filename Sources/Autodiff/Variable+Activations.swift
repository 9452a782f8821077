internal import CKernels
internal import Tensors

extension Variable {
    /// The Gaussian error linear unit, exact: `x · Φ(x)` (Hendrycks and Gimpel, 2016).
    public func gelu() -> Variable { elementwise(gelu_forward, gelu_backward) }

    /// `x · sigmoid(1.702 x)`, as OpenAI's CLIP was trained.
    public func quickGELU() -> Variable { elementwise(quick_gelu_forward, quick_gelu_backward) }

    /// GELU's approximation `x/2 · (1 + tanh(√(2/π) (x + 0.044715 x³)))`, as SigLIP was trained.
    public func tanhGELU() -> Variable { elementwise(gelu_tanh_forward, gelu_tanh_backward) }

    /// `x · sigmoid(x)`.
    public func silu() -> Variable { elementwise(silu_forward, silu_backward) }

    private func elementwise(
        _ forward: (UnsafePointer<Float>?, UnsafeMutablePointer<Float>?, Int) -> Void,
        _ backward: @escaping (UnsafePointer<Float>?, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?, Int) -> Void
    ) -> Variable {
        let workspace = workspace
        let result = Tensor(uninitialized: shape, in: workspace)
        let (x, y) = (value.data, result.data)
        parallel(shape.count, cost: 1) { range in
            forward(x + range.lowerBound, y + range.lowerBound, range.count)
        }
        return recorded(result, from: [self]) { [value] upstream in
            let gradient = Tensor(uninitialized: value.shape, in: workspace)
            let (x, dy, dx) = (value.data, upstream.data, gradient.data)
            parallel(value.shape.count, cost: 1) { range in
                let start = range.lowerBound
                backward(x + start, dy + start, dx + start, range.count)
            }
            return [gradient]
        }
    }
}
