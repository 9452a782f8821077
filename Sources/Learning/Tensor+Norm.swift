public import Tensors

extension Tensor {
    /// The sum of the squared elements.
    public var squaredNorm: Double { Double(dot(self)) }

    /// Whether every element is finite.
    public var isFinite: Bool {
        let values = data
        for index in 0..<shape.count where !values[index].isFinite { return false }
        return true
    }
}
