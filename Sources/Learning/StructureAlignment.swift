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
    /// Distances come from the products X Xᵀ and E Eᵀ, and so does the gradient, −C X with C_ij = ρ'(d_ij − d'_ij)/d_ij off
    /// the diagonal and rows that sum to 0. All three pass block by block of rows, and no matrix B × B is kept. Close
    /// pairs, where C X would cancel, add theirs directly. A distance with d² < 1e-12 has gradient 0.
    public func callAsFunction(_ student: Variable, target: Tensor) -> Variable {
        requireShape(
            student.shape.rank == 2 && target.shape.rank == 2 && student.shape[0] == target.shape[0],
            "structure alignment", expected: "two matrices of B rows", student.shape, target.shape)
        let workspace = student.tape?.workspace
        let (x, count) = (student.value, student.shape[0])
        let gradient = Tensor.zeros(x.shape, in: workspace)
        let sums = Tensor(uninitialized: [count], in: workspace)
        let (norms, targetNorms) = (x.squaredRowNorms(in: workspace), target.squaredRowNorms(in: workspace))
        for rows in rowBlocks(of: count) {
            let distances = x.distances(from: rows, norms: norms, in: workspace)
            let slopes = target.distances(from: rows, norms: targetNorms, in: workspace)
            slopes.becomeSlopes(
                of: distances, from: rows, penalty, x, adding: gradient.rows(rows), sums: sums.rows(rows))
            if student.needsGradient { Tensor.matmul(slopes, x, alpha: -1, beta: 1, into: gradient.rows(rows)) }
        }
        let weight: Float = reduction == .sum ? 1 : 1 / Float(max(1, count * (count - 1) / 2))
        // Every pair was met twice.
        let total = (0..<count).reduce(0.0) { $0 + Double(sums.data[$1]) } / 2
        return recorded(Tensor(scalar: Float(total) * weight, in: workspace), from: [student]) { upstream in
            [gradient.scaled(by: weight * upstream.item, in: workspace)]
        }
    }
}

extension Tensor {
    /// Rows of length 1 closer than this have lost six bits of their difference in C X.
    private static let close: Float = 0.02

    /// Targets `[R, B]` become the slopes of the penalty over the distances of the same pairs.
    fileprivate func becomeSlopes(
        of distances: Tensor, from rows: Range<Int>, _ penalty: Penalty, _ x: Tensor, adding gradient: Tensor,
        sums: Tensor
    ) {
        let (count, width) = (x.shape[0], x.shape[1])
        let (limit, curvature) = penalty.bend
        let (d, e, points, dx, sum) = (distances.data, data, x.data, gradient.data, sums.data)
        parallel(rows.count, cost: 2 * Double(count)) { range in
            let (start, first) = (range.lowerBound * count, range.lowerBound)
            structure_alignment(
                points, d + start, e + start, limit, curvature, Tensor.close, e + start, sum + first,
                dx + first * width, rows.lowerBound + first, range.count, count, width)
        }
    }
}

extension Penalty {
    /// ρ(x) = curvature · x² below the limit and |x| − limit/2 from there on.
    fileprivate var bend: (limit: Float, curvature: Float) {
        switch self {
        case .squared: (.infinity, 1)
        case .smoothL1(let beta): (beta, 1 / (2 * beta))
        }
    }
}
