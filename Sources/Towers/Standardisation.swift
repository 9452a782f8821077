public import Autodiff
public import Layers
public import Tensors

/// `(x - mean) / deviation` per dimension, fitted once and never trained: [B, d] -> [B, d].
public struct Standardisation {
    /// [d], as `deviation`. They are leaves of no tape, so they receive no gradient.
    private let mean: Parameter
    private let deviation: Parameter

    /// Constants `mean` and `deviation` (fresh: 0 and 1). Throws what the source throws.
    public init(width: Int, scope: ParameterScope) throws {
        mean = try scope.parameter("mean", [width], .zeros)
        deviation = try scope.parameter("deviation", [width], .ones)
    }

    public func callAsFunction(_ x: Variable) -> Variable {
        let workspace = x.tape?.workspace
        let centred = x.adding(broadcast: Variable(mean.value.scaled(by: -1, in: workspace)))
        // A division's gradient is the same division.
        return recorded(divided(centred.value, in: workspace), from: [centred]) { [divided($0, in: workspace)] }
    }

    /// Each row of [B, d] over the deviations.
    private func divided(_ rows: Tensor, in workspace: Workspace?) -> Tensor {
        let result = Tensor(uninitialized: rows.shape, in: workspace)
        let width = deviation.value.shape.count
        let (x, divisors, y) = (rows.data, deviation.value.data, result.data)
        parallel(rows.shape.rows, cost: 0.5 * Double(width)) { range in
            for row in range {
                let (source, target) = (x + row * width, y + row * width)
                for column in 0..<width { target[column] = source[column] / divisors[column] }
            }
        }
        return result
    }

    /// Mean and deviation of the rows of [N, d], each [d].
    ///
    /// Some embedders have (nearly) constant dimensions, and dividing by their deviation would give noise or NaN: a
    /// deviation below a tenth of the root mean square of all is raised to that.
    public static func fitted(to vectors: Tensor) -> (mean: Tensor, deviation: Tensor) {
        requireShape(
            vectors.shape.rank == 2 && vectors.shape[0] > 0, "standardisation", expected: "vectors [N, d], N > 0",
            vectors.shape)
        let (rows, width) = (vectors.shape[0], vectors.shape[1])
        let values = vectors.values
        var means = [Double](repeating: 0, count: width)
        for (index, value) in values.enumerated() { means[index % width] += Double(value) / Double(rows) }
        var variances = [Double](repeating: 0, count: width)
        for (index, value) in values.enumerated() {
            let difference = Double(value) - means[index % width]
            variances[index % width] += difference * difference / Double(rows)
        }
        let typical = (variances.reduce(0, +) / Double(max(1, width))).squareRoot()
        // All rows equal: leave the scale alone.
        let floor = typical > 0 ? typical / 10 : 1
        return (
            Tensor(means.map(Float.init), shape: [width]),
            Tensor(variances.map { Float(max($0.squareRoot(), floor)) }, shape: [width])
        )
    }
}
