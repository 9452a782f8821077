internal import CKernels
public import Tensors

extension Variable {
    /// Rows of a table by number: ids of `shape` into [V, D] -> `shape` + [D].
    ///
    /// An id outside `0..<V` is a programming error: tokenizers check against the vocabulary.
    public static func embedding(table: Variable, ids: [Int32], shape: Shape) -> Variable {
        requireShape(
            table.shape.rank == 2 && shape.count == ids.count, "embedding",
            expected: "a table [V, D] and \(ids.count) ids",
            table.shape, shape)
        precondition(
            ids.allSatisfy { $0 >= 0 && $0 < table.shape[0] }, "embedding expects ids below \(table.shape[0])")
        let workspace = table.workspace
        let columns = table.shape[1]
        let result = Tensor(uninitialized: Shape(shape.dimensions + [columns]), in: workspace)
        let (source, target) = (table.value.data, result.data)
        parallel(ids.count, cost: 0.5 * Double(columns)) { range in
            for index in range {
                (target + index * columns).update(from: source + Int(ids[index]) * columns, count: columns)
            }
        }
        return recorded(result, from: [table]) { upstream in
            let gradient = Tensor.zeros(table.shape, in: workspace)
            let (dy, dtable) = (upstream.data, gradient.data)
            for (index, id) in ids.enumerated() {
                vector_axpy(1, dy + index * columns, dtable + Int(id) * columns, columns)
            }
            return [gradient]
        }
    }
}
