internal import CKernels
internal import Tensors

extension Variable {
    /// Adds `vector`, whose shape is the end of this shape, to every leading index: positions [T, D] onto [B, T, D].
    public func adding(broadcast vector: Variable) -> Variable {
        requireShape(
            Array(shape.dimensions.suffix(vector.shape.rank)) == vector.shape.dimensions, "adding(broadcast:)",
            expected: "an operand that has the trailing shape of the other", shape, vector.shape)
        let workspace = Self.workspace(of: self, vector)
        let columns = vector.shape.count
        let rows = columns == 0 ? 0 : shape.count / columns
        let result = Tensor(uninitialized: shape, in: workspace)
        let (x, added, y) = (value.data, vector.value.data, result.data)
        parallel(rows, cost: 0.5 * Double(columns)) { range in
            let offset = range.lowerBound * columns
            rows_add(x + offset, added, y + offset, range.count, columns)
        }
        return recorded(result, from: [self, vector]) { [self] upstream in
            [
                needsGradient ? upstream : nil,
                vector.needsGradient
                    ? upstream.reshaped([rows, columns]).columnSums(in: workspace).reshaped(vector.shape) : nil,
            ]
        }
    }

    /// Each row times `factors`, element by element: [..., D] and [D] -> [..., D].
    public func multiplied(byRow factors: Variable) -> Variable {
        requireShape(
            shape.rank >= 1 && factors.shape == [shape.columns], "multiplied(byRow:)",
            expected: "a factor for each column", shape, factors.shape)
        let workspace = Self.workspace(of: self, factors)
        let result = value.rowProduct(factors.value, in: workspace)
        return recorded(result, from: [self, factors]) { [self] upstream in
            let (rows, columns) = (shape.rows, shape.columns)
            return [
                needsGradient ? upstream.rowProduct(factors.value, in: workspace) : nil,
                factors.needsGradient
                    ? Tensor.product(upstream, value, in: workspace).reshaped([rows, columns]).columnSums(in: workspace)
                    : nil,
            ]
        }
    }
}

extension Tensor {
    /// Each row times `factors`: [..., D] and [D] -> [..., D].
    func rowProduct(_ factors: Tensor, in workspace: Workspace?) -> Tensor {
        let result = Tensor(uninitialized: shape, in: workspace)
        let (columns, x, factor, y) = (shape.columns, data, factors.data, result.data)
        parallel(shape.rows, cost: 0.5 * Double(columns)) { range in
            for row in range { vector_multiply(x + row * columns, factor, y + row * columns, columns) }
        }
        return result
    }

    /// The sum of each column of a matrix: [R, C] -> [C].
    func columnSums(in workspace: Workspace?) -> Tensor {
        let (rows, columns) = (shape[0], shape[1])
        return summedChunks(rows, columns, in: workspace) { [data] range, sums in
            columns_accumulate(data + range.lowerBound * columns, sums, range.count, columns)
        }
    }
}

/// Sums that run over rows: every chunk of rows accumulates into a vector of its own, then the vectors are added in
/// the order of the chunks, so the result does not depend on who computed what when.
func summedChunks(
    _ rows: Int, _ width: Int, most chunks: Int = 16, price: Double = 0.5, in workspace: Workspace?,
    _ body: (Range<Int>, UnsafeMutablePointer<Float>) -> Void
) -> Tensor {
    let chunk = max(64, (rows + chunks - 1) / chunks)
    let count = max(1, (rows + chunk - 1) / chunk)
    let partial = Tensor.zeros([count, width], in: workspace)
    let sums = partial.data
    parallel(count, cost: price * Double(chunk * width)) { range in
        for index in range {
            body(index * chunk..<min(rows, (index + 1) * chunk), sums + index * width)
        }
    }
    if count > 1 { columns_accumulate(sums + width, sums, count - 1, width) }
    return partial.rows(0..<1).reshaped([width])
}
