public import Autodiff
public import Tensors

/// One trainable tensor of a network: float32, named by its path in the module tree, which is its path in a file.
public final class Parameter {
    public let path: String
    /// Shape is fixed; the optimiser writes the values in place.
    public let value: Tensor

    public init(path: String, value: Tensor) {
        self.path = path
        self.value = value
    }

    /// This parameter as an operand next to `input`: a leaf on its tape, or a bare value.
    public func callAsFunction(beside input: Variable) -> Variable { callAsFunction(on: input.tape) }

    /// This parameter as a leaf on `tape`, or a bare value without one.
    public func callAsFunction(on tape: Tape?) -> Variable { tape?.leaf(value, path: path) ?? Variable(value) }
}
