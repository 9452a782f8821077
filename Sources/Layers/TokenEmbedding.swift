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
        switch weight {
        case .dense(let table): return .embedding(table: table(on: tape), ids: ids, shape: shape)
        case .packed(let table, _):
            let rows = table.gatheringRows(ids, shape: shape, in: tape?.workspace)
            return tape?.constant(rows) ?? Variable(rows)
        }
    }
}
