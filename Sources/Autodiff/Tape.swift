public import Tensors

/// The record of one forward pass: what was computed from what, and how gradients flow back.
///
/// A tape is a plain object that is passed in: a `Variable` carries the tape it was made on. Nothing is recorded for
/// values that no trainable leaf feeds.
public final class Tape {
    /// Where every value and gradient of the step lives.
    public let workspace: Workspace
    /// Which parameters, by path, receive gradients; the others are constants.
    private let isTrainable: (String) -> Bool
    private var nodes: [Node] = []
    private var leaves: [String: Variable] = [:]

    private struct Node {
        let inputs: [Int?]
        let pullback: ((Tensor) -> [Tensor?])?
        let path: String?
    }

    public init(workspace: Workspace = Workspace(), isTrainable: @escaping (String) -> Bool = { _ in true }) {
        self.workspace = workspace
        self.isTrainable = isTrainable
    }

    /// A value that receives no gradient.
    public func constant(_ value: Tensor) -> Variable { Variable(value, tape: self, node: nil) }

    /// A named leaf; the same path gives the same leaf, so gradients of all its uses add up.
    public func leaf(_ value: Tensor, path: String) -> Variable {
        if let known = leaves[path] { return known }
        guard isTrainable(path) else { return constant(value) }
        nodes.append(Node(inputs: [], pullback: nil, path: path))
        let variable = Variable(value, tape: self, node: nodes.count - 1)
        leaves[path] = variable
        return variable
    }

    /// Records an operation. `pullback` maps the gradient of `value` to the gradients of `inputs`, nil where none is
    /// needed (ask `needsGradient`). It may be called once only.
    func record(_ value: Tensor, inputs: [Variable], pullback: @escaping (Tensor) -> [Tensor?]) -> Variable {
        guard inputs.contains(where: \.needsGradient) else { return constant(value) }
        nodes.append(Node(inputs: inputs.map(\.node), pullback: pullback, path: nil))
        return Variable(value, tape: self, node: nodes.count - 1)
    }

    /// Gradients of a scalar with respect to every trainable leaf that it depends on, keyed by path.
    public func gradients(of loss: Variable) -> Gradients {
        requireShape(loss.value.shape.count == 1, "gradients", expected: "a scalar loss", loss.value.shape)
        return gradients(of: loss, seed: Tensor.full(loss.value.shape, 1, in: workspace))
    }

    /// Gradients of `sum(output · seed)`.
    public func gradients(of output: Variable, seed: Tensor) -> Gradients {
        var result: [String: Tensor] = [:]
        guard let root = output.node else { return Gradients(result) }
        var pending = [Tensor?](repeating: nil, count: root + 1)
        pending[root] = seed
        for index in stride(from: root, through: 0, by: -1) {
            guard let upstream = pending[index] else { continue }
            pending[index] = nil
            let node = nodes[index]
            if let path = node.path { result[path] = upstream }
            guard let pullback = node.pullback else { continue }
            for (input, gradient) in zip(node.inputs, pullback(upstream)) {
                guard let input, let gradient else { continue }
                pending[input] = pending[input].map { Tensor.sum($0, gradient, in: workspace) } ?? gradient
            }
        }
        return Gradients(result)
    }
}
