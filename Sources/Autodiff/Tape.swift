public import Tensors

/// The record of one forward pass: what was computed from what, and how gradients flow back.
///
/// A tape is a plain object that is passed in: a `Variable` carries the tape it was made on. Nothing is recorded for
/// values that no trainable leaf feeds, and what is recorded lives no longer than the variables that came of it.
public final class Tape {
    /// Where every value and gradient of the step comes from.
    public let workspace: Workspace
    /// Which parameters, by path, receive gradients; the others are constants.
    let isTrainable: (String) -> Bool
    /// Whether blocks of layers keep only what goes into them, and are computed again on the way back.
    public let recomputesBlocks: Bool
    /// How the products of layers with their parameters are computed, forward and back; all else is of single precision.
    public let products: ProductPrecision
    /// What went wrong where something was computed again on the way back: the gradients mean nothing then.
    public internal(set) var failure: (any Error)?
    private var leaves: [String: Node] = [:]
    private var nodeCount = 0

    /// One recorded operation or leaf. Nodes refer to their inputs only, so no cycle keeps a step's memory.
    final class Node {
        let number: Int
        let path: String?
        var inputs: [Node?]
        var pullback: ((Tensor) -> [Tensor?])?

        init(number: Int, path: String?, inputs: [Node?], pullback: ((Tensor) -> [Tensor?])?) {
            self.number = number
            self.path = path
            self.inputs = inputs
            self.pullback = pullback
        }
    }

    public init(
        workspace: Workspace = Workspace(), recomputesBlocks: Bool = false, products: ProductPrecision = .float32,
        isTrainable: @escaping (String) -> Bool = { _ in true }
    ) {
        self.workspace = workspace
        self.recomputesBlocks = recomputesBlocks
        self.products = products
        self.isTrainable = isTrainable
    }

    /// A value that receives no gradient.
    public func constant(_ value: Tensor) -> Variable { Variable(value, tape: self, node: nil) }

    /// A named leaf; gradients of all uses of a path add up.
    public func leaf(_ value: Tensor, path: String) -> Variable {
        leaf(value, path: path, isTrained: isTrainable(path))
    }

    func leaf(_ value: Tensor, path: String, isTrained: Bool) -> Variable {
        guard isTrained else { return constant(value) }
        let node = leaves[path] ?? makeNode(path: path)
        leaves[path] = node
        return Variable(value, tape: self, node: node)
    }

    /// Records an operation. `pullback` maps the gradient of `value` to the gradients of `inputs`, nil where none is
    /// needed (ask `needsGradient`). It is called once at most.
    func record(_ value: Tensor, inputs: [Variable], pullback: @escaping (Tensor) -> [Tensor?]) -> Variable {
        guard inputs.contains(where: \.needsGradient) else { return constant(value) }
        return Variable(value, tape: self, node: makeNode(inputs: inputs.map(\.node), pullback: pullback))
    }

    private func makeNode(
        path: String? = nil, inputs: [Node?] = [], pullback: ((Tensor) -> [Tensor?])? = nil
    ) -> Node {
        nodeCount += 1
        return Node(number: nodeCount, path: path, inputs: inputs, pullback: pullback)
    }

    /// Gradients of a scalar with respect to every trainable leaf that it depends on, keyed by path. The way back
    /// consumes what was recorded: ask once.
    public func gradients(of loss: Variable) -> Gradients {
        requireShape(loss.value.shape.count == 1, "gradients", expected: "a scalar loss", loss.value.shape)
        return gradients(of: loss, seed: Tensor.full(loss.value.shape, 1, in: workspace))
    }

    /// Gradients of `sum(output · seed)`.
    public func gradients(of output: Variable, seed: Tensor) -> Gradients {
        requireShape(
            seed.shape == output.shape, "gradients", expected: "a seed of the output's shape", seed.shape, output.shape)
        var result: [String: Tensor] = [:]
        guard let root = output.node else { return Gradients(result) }
        var pending = [root.number: seed]
        for node in nodes(below: root) {
            guard let upstream = pending.removeValue(forKey: node.number) else { continue }
            if let path = node.path { result[path] = upstream }
            guard let pullback = node.pullback else { continue }
            for (input, gradient) in zip(node.inputs, pullback(upstream)) {
                guard let input, let gradient else { continue }
                pending[input.number] =
                    pending[input.number].map { Tensor.sum($0, gradient, in: workspace) } ?? gradient
            }
            // Frees the activations that only this operation kept, for the gradients to come.
            node.pullback = nil
            node.inputs = []
        }
        return Gradients(result)
    }

    /// Every node that the root depends on, latest first.
    private func nodes(below root: Node) -> [Node] {
        var found = [root.number: root]
        var open = [root]
        while let node = open.popLast() {
            for case let input? in node.inputs where found.updateValue(input, forKey: input.number) == nil {
                open.append(input)
            }
        }
        return found.values.sorted { $0.number > $1.number }
    }
}
