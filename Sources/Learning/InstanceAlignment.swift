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
        let difference = Tensor(uninitialized: student.shape, in: workspace)
        var sum = 0.0
        let (x, e) = (student.value, target)
        for row in 0..<x.shape[0] {
            var rowSum: Float = 0
            for index in row * x.shape[1]..<(row + 1) * x.shape[1] {
                let delta = x.data[index] - e.data[index]
                difference.data[index] = delta
                rowSum += delta * delta
            }
            sum += Double(rowSum)
        }
        let weight: Float = reduction == .sum ? 1 : 1 / Float(max(1, x.shape[0]))
        return recorded(Tensor(scalar: Float(sum) * weight, in: workspace), from: [student]) { upstream in
            let factor = 2 * weight * upstream.item
            for index in 0..<difference.shape.count { difference.data[index] *= factor }
            return [difference]
        }
    }
}
