internal import CKernels
internal import Foundation
internal import Learning
public import Tensors

/// Logistic regression on frozen features: how much of a set of classes a linear map can read from them.
///
/// It minimises `Σ cross-entropy + penalty / 2 · ‖W‖²` with free biases, as scikit-learn's `LogisticRegression(C: 1 / penalty)`.
public struct LinearProbe: Sendable {
    /// `[C, D + 1]` row by row, the bias last.
    let parameters: [Double]
    let classCount: Int
    public let penalty: Double

    /// The penalties of the sweep: 96 between 1e-6 and 1e6 in equal ratios (CLIP, arXiv 2103.00020, A.3).
    static let penalties = (0..<96).map { pow(10, -6 + 12 * Double($0) / 95) }

    /// Features `[N, D]` with a class each, of `classCount`. Throws `EvaluationError`.
    public init(features: Tensor, labels: [Int], classCount: Int, penalty: Double) throws {
        try Self.check(features, labels, classCount)
        self.init(features, labels, classCount, penalty, start: nil)
    }

    private init(_ features: Tensor, _ labels: [Int], _ classCount: Int, _ penalty: Double, start: [Double]?) {
        (self.classCount, self.penalty) = (classCount, penalty)
        let (count, width) = (features.shape[0], features.shape[1])
        parameters = LBFGS().minimum(from: start ?? [Double](repeating: 0, count: classCount * (width + 1))) { point in
            let logits = Self.logits(features, point, classCount)
            let values = logits.data
            var (logs, loss) = ([Float](repeating: 0, count: count), 0.0)
            // logits become the gradient of the summed loss: softmax - one-hot
            logs.withUnsafeMutableBufferPointer { logs in
                guard let logs = logs.baseAddress else { return }
                parallel(count, cost: 2 * Double(classCount)) { rows in
                    let own = values + rows.lowerBound * classCount
                    rows_log_sum_exp(own, logs + rows.lowerBound, rows.count, classCount)
                    for row in rows { logs[row] -= values[row * classCount + labels[row]] }
                    softmax_forward(own, 1, own, rows.count, classCount, classCount, 0)
                    for row in rows { values[row * classCount + labels[row]] -= 1 }
                }
            }
            for value in logs { loss += Double(value) }
            var gradient = [Double](repeating: 0, count: point.count)
            for row in 0..<count {
                for label in 0..<classCount {
                    gradient[label * (width + 1) + width] += Double(values[row * classCount + label]) / Double(count)
                }
            }
            let slopes = Tensor.matmul(logits, features, transposeA: true).values
            var square = 0.0
            let decay = penalty / Double(count)
            for label in 0..<classCount {
                let start = label * (width + 1)
                for column in 0..<width {
                    square += point[start + column] * point[start + column]
                    gradient[start + column] =
                        Double(slopes[label * width + column]) / Double(count) + decay * point[start + column]
                }
            }
            return (loss / Double(count) + decay / 2 * square, gradient)
        }
    }

    /// The penalty that gives the best accuracy on other features, found as CLIP finds it: the best of seven spread over
    /// the sweep, then ever nearer neighbours of the best.
    public static func chosen(
        features: Tensor, labels: [Int], classCount: Int, validation: (features: Tensor, labels: [Int]),
        progress: (Int) -> Void = { _ in }
    ) throws -> LinearProbe {
        try check(features, labels, classCount)
        try check(validation.features, validation.labels, classCount)
        var tried: [Int: (probe: LinearProbe, accuracy: Double)] = [:]
        func attempt(_ index: Int) {
            guard penalties.indices.contains(index), tried[index] == nil else { return }
            let near = tried.min { abs($0.key - index) < abs($1.key - index) }?.value.probe.parameters
            let probe = LinearProbe(features, labels, classCount, penalties[index], start: near)
            tried[index] = (probe, probe.accuracy(validation.features, validation.labels).value)
            progress(tried.count)
        }
        for index in stride(from: 95, through: 0, by: -16) { attempt(index) }
        func best() -> Int {
            tried.max { ($0.value.accuracy, $0.key) < ($1.value.accuracy, $1.key) }?.key ?? 48
        }
        var distance = 8
        while distance > 0 {
            let centre = best()
            attempt(centre - distance)
            attempt(centre + distance)
            distance /= 2
        }
        guard let found = tried[best()] else { throw EvaluationError.empty("penalties") }
        return found.probe
    }

    /// The share of features `[N, D]` whose class scores highest.
    public func accuracy(_ features: Tensor, _ labels: [Int]) -> Estimate {
        let logits = Self.logits(features, parameters, classCount)
        return Estimate(
            mean: labels.enumerated().map { row, label in
                let values = logits.data + row * classCount
                return (0..<classCount).allSatisfy { $0 == label || values[$0] < values[label] } ? 1 : 0
            })
    }

    /// `[N, C]`
    private static func logits(_ features: Tensor, _ parameters: [Double], _ classCount: Int) -> Tensor {
        let (count, width) = (features.shape[0], features.shape[1])
        let weights = Tensor(
            (0..<classCount).flatMap { label in
                parameters[label * (width + 1)..<label * (width + 1) + width].map { Float($0) }
            }, shape: [classCount, width])
        let logits = Tensor.matmul(features, weights, transposeB: true)
        let biases = (0..<classCount).map { Float(parameters[$0 * (width + 1) + width]) }
        let values = logits.data
        for row in 0..<count {
            for label in 0..<classCount { values[row * classCount + label] += biases[label] }
        }
        return logits
    }

    private static func check(_ features: Tensor, _ labels: [Int], _ classCount: Int) throws {
        try features.requireFeatures("features of a linear probe")
        guard labels.count == features.shape[0] else {
            throw EvaluationError.count("labels", expected: features.shape[0], found: labels.count)
        }
        for label in labels where label < 0 || label >= classCount {
            throw EvaluationError.index("label", label, bound: classCount)
        }
    }
}
