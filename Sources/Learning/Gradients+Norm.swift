public import Autodiff

extension Gradients {
    /// The Euclidean norm of all gradients together, summed in the order of their paths.
    public var globalNorm: Double {
        var sum = 0.0
        for path in paths {
            guard let gradient = self[path] else { continue }
            sum += gradient.squaredNorm
        }
        return sum.squareRoot()
    }

    /// What to multiply every gradient by so that the global norm is at most `limit` (PyTorch's `clip_grad_norm_`).
    public static func clipFactor(norm: Double, limit: Double) -> Float {
        norm > limit ? Float(limit / (norm + 1e-6)) : 1
    }
}
