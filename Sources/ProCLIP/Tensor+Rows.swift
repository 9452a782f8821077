public import Tensors

extension Tensor {
    /// The rows of a matrix with these indices, in that order.
    public func gathering(rows: [Int], in workspace: Workspace? = nil) -> Tensor {
        let width = shape[1]
        let result = Tensor(uninitialized: [rows.count, width], in: workspace)
        for (target, source) in rows.enumerated() {
            precondition(source >= 0 && source < shape[0], "gathering expects rows below \(shape[0])")
            (result.data + target * width).update(from: data + source * width, count: width)
        }
        return result
    }
}
