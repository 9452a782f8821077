public import Tensors

extension Tensor {
    /// The sum of the squared elements.
    public var squaredNorm: Double { Double(dot(self)) }
}
