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

    /// The rows of several matrices `[N_i, D]` under one another. There is at least one.
    public static func stacked(_ parts: [Tensor]) -> Tensor {
        let result = Tensor(uninitialized: [parts.map { $0.shape[0] }.reduce(0, +), parts[0].shape[1]])
        var offset = 0
        for part in parts {
            precondition(part.shape[1] == result.shape[1], "stacked expects rows of \(result.shape[1])")
            (result.data + offset).update(from: part.data, count: part.shape.count)
            offset += part.shape.count
        }
        return result
    }
}
