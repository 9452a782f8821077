public import Tensors

/// Gradients keyed by parameter path.
public struct Gradients {
    private let tensors: [String: Tensor]

    init(_ tensors: [String: Tensor]) { self.tensors = tensors }

    public subscript(path: String) -> Tensor? { tensors[path] }
    /// All paths in sorted order: whoever reduces over gradients does so in a fixed order.
    public var paths: [String] { tensors.keys.sorted() }
}
