public import Tensors

/// Why an evaluation would give no number.
public enum EvaluationError: Error, Equatable, CustomStringConvertible {
    case empty(String)
    case notFinite(String, row: Int)
    case mismatched(String, Shape, Shape)
    case count(String, expected: Int, found: Int)
    case index(String, Int, bound: Int)

    public var description: String {
        switch self {
        case .empty(let what): "there are no \(what) to evaluate; choose another split or set"
        case .notFinite(let what, let row):
            "row \(row) of the \(what) is not finite: the model that made them is broken; NaN never counts as a hit"
        case .mismatched(let what, let first, let second):
            "\(what) have the shapes \(first) and \(second), which do not fit; do both come from one model?"
        case .count(let what, let expected, let found): "\(expected) \(what) are needed, one a row, got \(found)"
        case .index(let what, let value, let bound): "\(what) \(value) is outside 0..<\(bound)"
        }
    }
}

extension Tensor {
    /// Throws unless this is a matrix with rows, all of it finite.
    func requireFeatures(_ name: String) throws {
        guard shape.rank == 2, shape[0] > 0 else { throw EvaluationError.empty(name) }
        let values = data
        for index in 0..<shape.count where !values[index].isFinite {
            throw EvaluationError.notFinite(name, row: index / shape[1])
        }
    }
}
