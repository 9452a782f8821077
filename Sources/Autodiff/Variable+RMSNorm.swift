internal import CKernels
internal import Tensors

extension Variable {
    /// Root-mean-square normalisation over the last axis (Zhang and Sennrich, 2019, arXiv 1910.07467):
    /// `x · weight / √(mean(x²) + ε)`; weight is [D].
    public func rmsNorm(weight: Variable, epsilon: Float) -> Variable {
        requireShape(
            shape.columns > 0 && weight.shape.rank == 1 && shape.columns % weight.shape[0] == 0, "rmsNorm",
            expected: "a weight whose extent divides the last axis", shape, weight.shape)
        // A weight narrower than the last axis normalises each head by itself.
        let workspace = Self.workspace(of: self, weight)
        let columns = weight.shape[0]
        let rows = shape.count / columns
        let result = Tensor(uninitialized: shape, in: workspace)
        let inverse = Tensor(uninitialized: [rows], in: workspace)
        let (x, w, y, s) = (value.data, weight.value.data, result.data, inverse.data)
        parallel(rows, cost: 0.7 * Double(columns)) { range in
            let (row, offset) = (range.lowerBound, range.lowerBound * columns)
            rmsnorm_forward(x + offset, w, epsilon, y + offset, s + row, range.count, columns)
        }
        return recorded(result, from: [self, weight]) { [self] upstream in
            let gradient = needsGradient ? Tensor(uninitialized: shape, in: workspace) : nil
            let isTrained = weight.needsGradient
            let (x, w, s) = (value.data, weight.value.data, inverse.data)
            let (dy, dx) = (upstream.data, gradient?.data)
            let sums = summedChunks(rows, isTrained ? columns : 1, in: workspace) { range, sums in
                let (row, offset) = (range.lowerBound, range.lowerBound * columns)
                rmsnorm_backward(
                    x + offset, w, s + row, dy + offset, dx.map { $0 + offset }, isTrained ? sums : nil, range.count,
                    columns)
            }
            return [gradient, isTrained ? sums.reshaped([columns]) : nil]
        }
    }
}
