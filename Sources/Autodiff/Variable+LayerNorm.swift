internal import CKernels
internal import Tensors

extension Variable {
    /// Layer normalisation over the last axis (Ba, Kiros and Hinton, 2016), biased variance; weight and bias are [D].
    public func layerNorm(weight: Variable, bias: Variable, epsilon: Float) -> Variable {
        requireShape(
            weight.shape == [shape.columns] && bias.shape == weight.shape, "layerNorm",
            expected: "weight and bias of the last axis's extent", shape, weight.shape, bias.shape)
        let workspace = Self.workspace(of: self, weight)
        let (rows, columns) = (shape.rows, shape.columns)
        let result = Tensor(uninitialized: shape, in: workspace)
        let mean = Tensor(uninitialized: [rows], in: workspace)
        let inverse = Tensor(uninitialized: [rows], in: workspace)
        let (x, w, b, y, m, s) = (value.data, weight.value.data, bias.value.data, result.data, mean.data, inverse.data)
        parallel(rows, cost: Double(columns)) { range in
            let (row, offset) = (range.lowerBound, range.lowerBound * columns)
            layernorm_forward(x + offset, w, b, epsilon, y + offset, m + row, s + row, range.count, columns)
        }
        return recorded(result, from: [self, weight, bias]) { [self] upstream in
            let gradient = needsGradient ? Tensor(uninitialized: shape, in: workspace) : nil
            let trained = weight.needsGradient || bias.needsGradient
            let (x, w, m, s) = (value.data, weight.value.data, mean.data, inverse.data)
            let (dy, dx) = (upstream.data, gradient?.data)
            let sums = summedChunks(rows, trained ? 2 * columns : 1, in: workspace) { range, sums in
                let (row, offset) = (range.lowerBound, range.lowerBound * columns)
                layernorm_backward(
                    x + offset, w, m + row, s + row, dy + offset, dx.map { $0 + offset }, trained ? sums : nil,
                    trained ? sums + columns : nil, range.count, columns)
            }
            guard trained else { return [gradient, nil, nil] }
            let pair = sums.reshaped([2, columns])
            return [gradient, pair.rows(0..<1).reshaped([columns]), pair.rows(1..<2).reshaped([columns])]
        }
    }
}
