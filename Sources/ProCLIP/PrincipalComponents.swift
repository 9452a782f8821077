public import Tensors

/// The directions in which vectors vary most (principal component analysis), as one projection for any number of sets.
public struct PrincipalComponents {
    /// How much of the variance each direction has.
    public let shares: [Double]
    private let mean: [Float]
    /// [count][D], orthonormal.
    private let directions: [[Double]]

    /// The first directions of X `[N, D]`, by power iteration on its covariance; the largest entry of each is positive.
    /// Throws `EvaluationError` for features that are not finite or do not vary.
    public init(of x: Tensor, count: Int = 2) throws {
        try x.requireFeatures("features to map")
        let (centred, mean) = x.centredColumns()
        let width = x.shape[1]
        let product = Tensor.matmul(centred, centred, transposeA: true)
        let covariance = (0..<width * width).map { Double(product.data[$0]) }
        let total = (0..<width).map { covariance[$0 * width + $0] }.reduce(0, +)
        guard total > 0 else { throw EvaluationError.empty("features that vary") }
        var (directions, shares): ([[Double]], [Double]) = ([], [])
        for index in 0..<min(count, width) {
            let (direction, variance) = Self.dominant(covariance, width, after: directions, start: index)
            directions.append(direction)
            shares.append(variance / total)
        }
        (self.mean, self.directions, self.shares) = (mean, directions, shares)
    }

    /// The coordinates of the rows of X `[N, D]`: one array a direction.
    public func coordinates(of x: Tensor) -> [[Double]] {
        let width = mean.count
        return directions.map { direction in
            (0..<x.shape[0]).map { row in
                (0..<width).reduce(0) { $0 + Double(x.data[row * width + $1] - mean[$1]) * direction[$1] }
            }
        }
    }

    private static func dominant(
        _ matrix: [Double], _ width: Int, after earlier: [[Double]], start: Int
    ) -> (direction: [Double], variance: Double) {
        // A start that no symmetry makes orthogonal to the result.
        var vector = (0..<width).map { 1 + Double(($0 * 7 + start * 3) % 11) }
        var variance = 0.0
        for _ in 0..<300 {
            for other in earlier {
                let share = zip(vector, other).map(*).reduce(0, +)
                for index in 0..<width { vector[index] -= share * other[index] }
            }
            let norm = zip(vector, vector).map(*).reduce(0, +).squareRoot()
            guard norm > 0 else { break }
            for index in 0..<width { vector[index] /= norm }
            var next = [Double](repeating: 0, count: width)
            matrix.withUnsafeBufferPointer { matrix in
                for row in 0..<width {
                    var sum = 0.0
                    for column in 0..<width { sum += matrix[row * width + column] * vector[column] }
                    next[row] = sum
                }
            }
            let last = variance
            variance = zip(next, vector).map(*).reduce(0, +)
            if abs(variance - last) <= 1e-12 * abs(variance) { break }
            vector = next
        }
        let norm = zip(vector, vector).map(*).reduce(0, +).squareRoot()
        let largest = vector.max { abs($0) < abs($1) } ?? 1
        let scale = (largest < 0 ? -1 : 1) / max(norm, .leastNormalMagnitude)
        return (vector.map { $0 * scale }, max(0, variance))
    }
}

extension Tensor {
    /// X `[N, D]` without the means of its columns, and those.
    func centredColumns() -> (centred: Tensor, mean: [Float]) {
        let (rows, width) = (shape[0], shape[1])
        let result = copied()
        let means = (0..<width).map { column in
            var sum = 0.0
            for row in 0..<rows { sum += Double(data[row * width + column]) }
            let mean = Float(sum / Double(rows))
            for row in 0..<rows { result.data[row * width + column] -= mean }
            return mean
        }
        return (result, means)
    }
}
