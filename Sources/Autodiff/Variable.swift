public import Tensors

/// A value in a forward pass: a tensor, and its place on a tape where there is one.
///
/// Layers have one forward, over variables. Without a tape a variable is a bare value and nothing is kept.
public struct Variable {
    public let value: Tensor
    public let tape: Tape?
    let node: Tape.Node?

    /// A bare value: no tape, no gradient.
    public init(_ value: Tensor) { self.init(value, tape: nil, node: nil) }

    init(_ value: Tensor, tape: Tape?, node: Tape.Node?) {
        self.value = value
        self.tape = tape
        self.node = node
    }

    public var shape: Shape { value.shape }
    public var needsGradient: Bool { node != nil }
    /// The memory that results of operations on this variable come from; nil off the tape.
    var workspace: Workspace? { tape?.workspace }
    /// How products with parameters are computed where one of the operands is.
    static func products(of operands: Variable...) -> ProductPrecision {
        operands.lazy.compactMap(\.tape).first?.products ?? .float32
    }
    /// The workspace of whichever operand has one.
    static func workspace(of operands: Variable...) -> Workspace? { operands.lazy.compactMap(\.workspace).first }
}

/// Records `value` on the tape of the inputs, or returns it bare where no input has a tape.
///
/// Every operation ends here. A further operation outside this module composes existing ones, or calls this with its
/// own value and pullback.
public func recorded(
    _ value: Tensor, from inputs: [Variable], pullback: @escaping (Tensor) -> [Tensor?]
) -> Variable {
    guard let tape = inputs.lazy.compactMap(\.tape).first else { return Variable(value) }
    return tape.record(value, inputs: inputs, pullback: pullback)
}
