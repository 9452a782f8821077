public import Autodiff
import Synchronization
public import Tensors

/// One trainable tensor of a network: float32, named by its path in the module tree, which is its path in a file.
public final class Parameter {
    public let path: String
    public let shape: Shape
    private let held: Mutex<Tensor>

    /// - `stored`: the values in any encoding, perhaps mapped from a file: they stay so until they are used.
    public init(path: String, value stored: Tensor) {
        self.path = path
        shape = stored.shape
        held = Mutex(stored)
    }

    /// Shape is fixed; the optimiser writes the values in place.
    public var value: Tensor {
        held.withLock { held in
            if held.elementType != .float32 { held = held.converted(to: .float32) }
            return held
        }
    }

    /// The values as they are held now, whatever their encoding.
    public var stored: Tensor { held.withLock { $0 } }

    /// This parameter as an operand next to `input`: a leaf on its tape, or a bare value.
    public func callAsFunction(beside input: Variable) -> Variable { callAsFunction(on: input.tape) }

    /// This parameter as a leaf on `tape`, or a bare value without one.
    public func callAsFunction(on tape: Tape?) -> Variable { tape?.leaf(value, path: path) ?? Variable(value) }
}
