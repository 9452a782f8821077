internal import CKernels
internal import Tensors

extension Variable {
    /// The softmax over the last axis.
    public func softmax() -> Variable {
        let workspace = workspace
        let (rows, columns) = (shape.rows, shape.columns)
        let result = Tensor(uninitialized: shape, in: workspace)
        let (x, y) = (value.data, result.data)
        parallel(rows, cost: Double(columns)) { range in
            let offset = range.lowerBound * columns
            softmax_forward(x + offset, 1, y + offset, range.count, columns, columns, 0)
        }
        return recorded(result, from: [self]) { upstream in
            let gradient = Tensor(uninitialized: result.shape, in: workspace)
            let (p, dp, ds) = (result.data, upstream.data, gradient.data)
            parallel(rows, cost: Double(columns)) { range in
                let offset = range.lowerBound * columns
                softmax_backward(p + offset, dp + offset, 1, ds + offset, range.count, columns)
            }
            return [gradient]
        }
    }
}
