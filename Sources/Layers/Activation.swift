public import Autodiff

/// The non-linearity inside a block.
public enum Activation: String, Codable, Sendable {
    /// Exact GELU (error function).
    case gelu
    /// `x · sigmoid(1.702 x)`, as OpenAI's CLIP was trained.
    case quickGELU

    public func callAsFunction(_ x: Variable) -> Variable {
        switch self {
        case .gelu: x.gelu()
        case .quickGELU: x.quickGELU()
        }
    }
}
