public import Autodiff

/// The non-linearity inside a block.
public enum Activation: String, Codable, Sendable {
    /// Exact GELU (error function).
    case gelu
    /// GELU's approximation by the hyperbolic tangent, as SigLIP was trained.
    case tanhGELU
    /// `x · sigmoid(1.702 x)`, as OpenAI's CLIP was trained.
    case quickGELU
    /// `x · sigmoid(x)`, the gate of SwiGLU.
    case silu

    public func callAsFunction(_ x: Variable) -> Variable {
        switch self {
        case .gelu: x.gelu()
        case .tanhGELU: x.tanhGELU()
        case .quickGELU: x.quickGELU()
        case .silu: x.silu()
        }
    }
}
