internal import CKernels
public import Tensors

extension Tensor {
    /// The sum of the squared elements: single precision within blocks, double across them.
    public var squaredNorm: Double {
        let (values, block) = (data, 1024)
        var total = 0.0
        for start in stride(from: 0, to: shape.count, by: block) {
            var partial: Float = 0
            vector_dot(values + start, values + start, min(block, shape.count - start), &partial)
            total += Double(partial)
        }
        return total
    }

    /// Whether every element is finite.
    public var isFinite: Bool {
        let values = data
        for index in 0..<shape.count where !values[index].isFinite { return false }
        return true
    }
}
