public import Autodiff
internal import CKernels
public import Tensors

/// L_struct (ProCLIP, arXiv 2510.18795, Eq. 2): the distances between the embeddings of a batch are to equal the
/// distances between their targets, Σ_{i<j} ρ(d(x_i, x_j) − d(e_i, e_j)).
public struct StructureAlignment: Sendable {
    public let penalty: Penalty
    public let reduction: Reduction

    public init(penalty: Penalty, reduction: Reduction) {
        self.penalty = penalty
        self.reduction = reduction
    }

    /// Student and target `[B, D]` with B ≥ 2; the target receives no gradient. A scalar.
    ///
    /// All distances come from one product X Xᵀ, and so does the gradient, −C X with C_ij = ρ'(d_ij − d'_ij)/d_ij off
    /// the diagonal and rows that sum to 0. Close pairs, where C X would cancel, add theirs directly. A distance with
    /// d² < 1e-12 has gradient 0.
    public func callAsFunction(_ student: Variable, target: Tensor) -> Variable {
        requireShape(
            student.shape.rank == 2 && target.shape.rank == 2 && student.shape[0] == target.shape[0],
            "structure alignment", expected: "two matrices of B rows", student.shape, target.shape)
        let workspace = student.tape?.workspace
        let x = student.value
        let count = x.shape[0]
        let distances = Self.distances(x, in: workspace)
        let targets = Self.distances(target, in: workspace)
        let slopes = Tensor.zeros([count, count], in: workspace)
        let direct = Tensor.zeros(x.shape, in: workspace)
        let (d, e, c) = (distances.data, targets.data, slopes.data)
        var sum = 0.0
        for i in 0..<count {
            var diagonal: Float = 0
            for j in 0..<count where j != i {
                let (distance, difference) = (d[i * count + j], d[i * count + j] - e[i * count + j])
                if i < j { sum += Double(penalty.value(difference)) }
                if distance * distance < 1e-12 { continue }
                let slope = penalty.slope(difference) / distance
                if distance < Self.close {
                    Self.add(slope, times: i, minus: j, of: x, to: direct)
                } else {
                    c[i * count + j] = slope
                    diagonal -= slope
                }
            }
            c[i * count + i] = diagonal
        }
        let weight: Float = reduction == .sum ? 1 : 1 / Float(max(1, count * (count - 1) / 2))
        return recorded(Tensor(scalar: Float(sum) * weight, in: workspace), from: [student]) { upstream in
            let factor = weight * upstream.item
            Tensor.matmul(slopes, x, alpha: -factor, beta: factor, into: direct)
            return [direct]
        }
    }

    /// Rows of length 1 closer than this have lost six bits of their difference in C X.
    private static let close: Float = 0.02

    private static func distances(_ x: Tensor, in workspace: Workspace?) -> Tensor {
        let gram = Tensor.matmul(x, x, transposeB: true, in: workspace)
        let result = Tensor(uninitialized: gram.shape, in: workspace)
        pairwise_distance_forward(x.data, gram.data, result.data, 0, x.shape[0], x.shape[0], x.shape[1])
        return result
    }

    /// target_i += factor (x_i − x_j)
    private static func add(_ factor: Float, times i: Int, minus j: Int, of x: Tensor, to target: Tensor) {
        let width = x.shape[1]
        for column in 0..<width {
            target.data[i * width + column] += factor * (x.data[i * width + column] - x.data[j * width + column])
        }
    }
}
