public import Autodiff
public import Layers
public import Tensors

/// `(x - mean) / deviation` per dimension, fitted once and never trained: [B, d] -> [B, d].
public struct Standardisation {
    /// [d], as `deviation`. On no tape these are leaves, so they receive no gradient.
    private let mean: Parameter
    private let deviation: Parameter

    /// Constants `mean` and `deviation` (fresh: 0 and 1). Throws what the source throws.
    public init(width: Int, scope: ParameterScope) throws {
        mean = try scope.parameter("mean", [width], .zeros)
        deviation = try scope.parameter("deviation", [width], .ones)
    }

    public func callAsFunction(_ x: Variable) -> Variable {
        let width = mean.value.shape.count
        let result = Tensor(uninitialized: x.shape, in: x.tape?.workspace)
        for row in 0..<x.shape.rows {
            for column in 0..<width {
                let index = row * width + column
                result.data[index] = (x.value.data[index] - mean.value.data[column]) / deviation.value.data[column]
            }
        }
        let (deviation, workspace) = (deviation, x.tape?.workspace)
        return recorded(result, from: [x]) { upstream in
            let gradient = Tensor(uninitialized: upstream.shape, in: workspace)
            for index in 0..<upstream.shape.count {
                gradient.data[index] = upstream.data[index] / deviation.value.data[index % width]
            }
            return [gradient]
        }
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
