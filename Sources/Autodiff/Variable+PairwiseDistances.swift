internal import CKernels
internal import Tensors

extension Variable {
    /// Euclidean distances between all rows: [B, D] -> [B, B], zeros on the diagonal.
    ///
    /// One GEMM gives the Gram matrix; near duplicates, where it would lose digits, are summed from differences. The
    /// gradient is 0 where d² < 1e-12, so duplicate rows give no NaN.
    public func pairwiseDistances() -> Variable {
        requireShape(shape.rank == 2, "pairwiseDistances", expected: "a matrix [B, D]", shape)
        let workspace = workspace
        let (count, columns) = (shape[0], shape[1])
        let gram = Tensor.matmul(value, value, transposeB: true, in: workspace)
        let result = Tensor(uninitialized: [count, count], in: workspace)
        let (x, products, d) = (value.data, gram.data, result.data)
        parallel(count, cost: Double(count)) { range in
            pairwise_distance_forward(x, products, d, range.lowerBound, range.upperBound, count, columns)
        }
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
