internal import CKernels
internal import Tensors

/// Each may be the gate of a gated unit (Shazeer, 2020, arXiv 2002.05202): its value times a factor of equal shape.
extension Variable {
    /// The Gaussian error linear unit, exact: `x · Φ(x)` (Hendrycks and Gimpel, 2016).
    public func gelu(times factor: Variable? = nil) -> Variable { activated(factor, gelu_forward, gelu_backward) }

    /// `x · sigmoid(1.702 x)`, as OpenAI's CLIP was trained.
    public func quickGELU(times factor: Variable? = nil) -> Variable {
        activated(factor, quick_gelu_forward, quick_gelu_backward)
    }

    /// GELU's approximation `x/2 · (1 + tanh(√(2/π) (x + 0.044715 x³)))`, as SigLIP was trained.
    public func tanhGELU(times factor: Variable? = nil) -> Variable {
        activated(factor, gelu_tanh_forward, gelu_tanh_backward)
    }

    /// `x · sigmoid(x)`.
    public func silu(times factor: Variable? = nil) -> Variable { activated(factor, silu_forward, silu_backward) }

    private typealias Forward = (UnsafePointer<Float>?, UnsafeMutablePointer<Float>?, Int) -> Void
    private typealias Backward = (UnsafePointer<Float>?, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?, Int) ->
        Void

    private func activated(
        _ factor: Variable?, _ forward: @escaping Forward, _ backward: @escaping Backward
    ) -> Variable {
        guard let factor else { return activated(forward, backward) }
        requireShape(factor.shape == shape, "activation", expected: "a factor of equal shape", shape, factor.shape)
        let workspace = Self.workspace(of: self, factor)
        let result = Tensor(uninitialized: shape, in: workspace)
        let (x, f, y) = (value.data, factor.value.data, result.data)
        Self.pieces(shape.count, cost: 1) { start, count, unit in
            forward(x + start, unit, count)
            vector_multiply(unit, f + start, y + start, count)
        }
        return recorded(result, from: [self, factor]) { [value, factor = factor.value] upstream in
            let gradients = [value, factor].map { Tensor(uninitialized: $0.shape, in: workspace) }
            let (x, f, dy) = (value.data, factor.data, upstream.data)
            let (dx, df) = (gradients[0].data, gradients[1].data)
            Self.pieces(value.shape.count, cost: 3) { start, count, unit in
                backward(x + start, dy + start, unit, count)
                vector_multiply(unit, f + start, dx + start, count)
                forward(x + start, unit, count)
                vector_multiply(unit, dy + start, df + start, count)
            }
            return gradients
        }
    }

    /// Work on `0..<count` in pieces that stay in the first cache, with room for the values of one.
    private static func pieces(
        _ count: Int, cost: Double, _ body: (_ start: Int, _ count: Int, UnsafeMutablePointer<Float>) -> Void
    ) {
        let length = 2048
        parallel(count, cost: cost) { range in
            withUnsafeTemporaryAllocation(of: Float.self, capacity: length) { memory in
                guard let unit = memory.baseAddress else { return }
                for start in stride(from: range.lowerBound, to: range.upperBound, by: length) {
                    body(start, min(length, range.upperBound - start), unit)
                }
            }
        }
    }

    private func activated(_ forward: Forward, _ backward: @escaping Backward) -> Variable {
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
