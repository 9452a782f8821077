internal import CKernels
public import Tensors

extension Variable {
    /// Euclidean distances between all rows: [B, D] -> [B, B], zeros on the diagonal.
    ///
    /// One GEMM gives the Gram matrix; near duplicates, where it would lose digits, are summed from differences. The
    /// gradient is 0 where d² < 1e-12, so duplicate rows give no NaN.
    public func pairwiseDistances() -> Variable {
        requireShape(shape.rank == 2, "pairwiseDistances", expected: "a matrix [B, D]", shape)
        let workspace = workspace
        let (count, columns) = (shape[0], shape[1])
        let norms = value.squaredRowNorms(in: workspace)
        let result = value.distances(from: 0..<count, norms: norms, in: workspace)
        return recorded(result, from: [self]) { [value] upstream in
            let ratios = Tensor(uninitialized: [count, count], in: workspace)
            let sums = Tensor(uninitialized: [count], in: workspace)
            let (d, dd, ratio, sum) = (result.data, upstream.data, ratios.data, sums.data)
            parallel(count, cost: 2 * Double(count)) { range in
                pairwise_distance_backward(d, dd, ratio, sum, range.lowerBound, range.upperBound, count)
            }
            // dx_i = sum_j r_ij (x_i - x_j)
            let gradient = Tensor(uninitialized: value.shape, in: workspace)
            let (x, dx) = (value.data, gradient.data)
            parallel(count, cost: 0.5 * Double(columns)) { range in
                for row in range { vector_scale(sum[row], x + row * columns, dx + row * columns, columns) }
            }
            Tensor.matmul(ratios, value, alpha: -1, beta: 1, into: gradient)
            return [gradient]
        }
    }
}

extension Tensor {
    /// The squared length of each row of a matrix.
    public func squaredRowNorms(in workspace: Workspace?) -> Tensor {
        let (rows, columns) = (shape[0], shape[1])
        let result = Tensor(uninitialized: [rows], in: workspace)
        let (x, y) = (data, result.data)
        parallel(rows, cost: 0.3 * Double(columns)) { range in
            for row in range { vector_dot(x + row * columns, x + row * columns, columns, y + row) }
        }
        return result
    }

    /// The distances of R rows of a matrix to all B: [R, B], zeros on the diagonal.
    ///
    /// - `norms`: all squared lengths.
    public func distances(from rows: Range<Int>, norms: Tensor, in workspace: Workspace?) -> Tensor {
        let (count, columns) = (shape[0], shape[1])
        let result = Tensor.matmul(self.rows(rows), self, transposeB: true, in: workspace)
        let (x, d, squares) = (data, result.data, norms.data)
        parallel(rows.count, cost: Double(count)) { range in
            let row = d + range.lowerBound * count
            pairwise_distance_forward(
                x, row, squares, row, rows.lowerBound + range.lowerBound, range.count, count, columns)
        }
        return result
    }
}

/// Blocks of the rows of a matrix [count, count] that is never there as a whole: 16 MB each, and not below 512 rows, because
/// each block's products pack all of the other operand anew.
public func rowBlocks(of count: Int) -> [Range<Int>] {
    let height = max(512, 4_194_304 / max(1, count))
    return stride(from: 0, to: count, by: height).map { $0..<min(count, $0 + height) }
}
