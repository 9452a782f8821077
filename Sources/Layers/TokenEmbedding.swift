public import Autodiff
public import Tensors

/// A vector for each token of a vocabulary: ids of some shape -> that shape + [width].
public struct TokenEmbedding {
    /// [V, width]
    public let weight: Weight

    /// Parameter `weight`. Throws what the source throws.
    public init(count: Int, width: Int, scope: ParameterScope) throws {
        weight = try scope.weight("weight", [count, width], .normal(deviation: 0.02))
    }

    public func callAsFunction(_ ids: [Int32], shape: Shape, tape: Tape?) -> Variable {
        if case .dense(let table) = weight { return .embedding(table: table(on: tape), ids: ids, shape: shape) }
        let rows = weight.value.gatheringRows(ids, shape: shape, in: tape?.workspace)
        return tape?.constant(rows) ?? Variable(rows)
    }
}
