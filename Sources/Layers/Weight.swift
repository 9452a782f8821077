public import Autodiff
public import Tensors

/// The matrix of a linear layer: trained in float32, or frozen as its file holds it.
public enum Weight {
    case dense(Parameter)
    /// A constant in any encoding, mapped from its file where the file allows; widened to float32 at each use.
    case packed(Tensor)

    /// The matrix as it is held, whatever its encoding.
    public var value: Tensor {
        switch self {
        case .dense(let parameter): parameter.value
        case .packed(let tensor): tensor
        }
    }

    /// This matrix as an operand next to `input`, in memory of its tape where it has one.
    public func callAsFunction(beside input: Variable) -> Variable {
        switch self {
        case .dense(let parameter):
            return parameter(beside: input)
        case .packed(let tensor):
            let widened = tensor.converted(to: .float32, in: input.tape?.workspace)
            return input.tape?.constant(widened) ?? Variable(widened)
        }
    }
}
