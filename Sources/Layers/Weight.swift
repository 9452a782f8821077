public import Autodiff
public import Tensors

/// The matrix of a linear layer: trained in float32, or frozen as its file holds it.
public enum Weight {
    case dense(Parameter)
    /// A constant in any encoding, mapped from its file where the file allows; widened to float32 at each use.
    case packed(Tensor)

    public var shape: Shape {
        switch self {
        case .dense(let parameter): parameter.value.shape
        case .packed(let tensor): tensor.shape
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
