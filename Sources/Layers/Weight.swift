public import Tensors

/// The matrix of a linear layer: trained in float32, or frozen as its file holds it.
public enum Weight {
    case dense(Parameter)
    /// A constant in any encoding, mapped from its file where the file allows; widened to float32 piece by piece at each use.
    case packed(Tensor, ProductPrecision)
    /// The same with a trained matrix of low rank beside it.
    case adapted(LowRankWeight)

    /// The matrix as it is held, whatever its encoding.
    public var value: Tensor {
        switch self {
        case .dense(let parameter): parameter.value
        case .packed(let tensor, _): tensor
        case .adapted(let weight): weight.base
        }
    }
}
