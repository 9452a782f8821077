public import Autodiff
public import Tensors

/// L_ins (ProCLIP, arXiv 2510.18795, Eq. 1): the squared Euclidean distance between each embedding and its target.
public struct InstanceAlignment: Sendable {
    public let reduction: Reduction

    public init(reduction: Reduction) { self.reduction = reduction }

    /// Student and target `[B, D]`, both L2-normalised by the caller; the target receives no gradient. A scalar.
    public func callAsFunction(_ student: Variable, target: Tensor) -> Variable {
        requireShape(
            student.shape == target.shape && student.shape.rank == 2, "instance alignment",
            expected: "two matrices [B, D] of one shape", student.shape, target.shape)
        let workspace = student.tape?.workspace
        let difference = Tensor.sum(student.value, target.scaled(by: -1, in: workspace), in: workspace)
        let weight: Float = reduction == .sum ? 1 : 1 / Float(max(1, target.shape[0]))
        let loss = difference.dot(difference) * weight
        return recorded(Tensor(scalar: loss, in: workspace), from: [student]) { upstream in
            [difference.scaled(by: 2 * weight * upstream.item, in: workspace)]
        }
    }
}
