internal import CKernels
internal import Tensors

extension Variable {
    /// Each row of the last axis over its Euclidean length: `x / max(|x|, epsilon)`.
    public func l2Normalized(epsilon: Float = 1e-12) -> Variable {
        let workspace = workspace
        let (rows, columns) = (shape.rows, shape.columns)
        let result = Tensor(uninitialized: shape, in: workspace)
        let inverse = Tensor(uninitialized: [rows], in: workspace)
        let (x, y, s) = (value.data, result.data, inverse.data)
        parallel(rows, cost: 0.5 * Double(columns)) { range in
            let (row, offset) = (range.lowerBound, range.lowerBound * columns)
            normalize_forward(x + offset, epsilon, y + offset, s + row, range.count, columns)
        }
        return recorded(result, from: [self]) { upstream in
            let gradient = Tensor(uninitialized: result.shape, in: workspace)
            let (y, s, dy, dx) = (result.data, inverse.data, upstream.data, gradient.data)
            parallel(rows, cost: 0.5 * Double(columns)) { range in
                let (row, offset) = (range.lowerBound, range.lowerBound * columns)
                normalize_backward(y + offset, s + row, epsilon, dy + offset, dx + offset, range.count, columns)
            }
            return [gradient]
        }
    }
}
