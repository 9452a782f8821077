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

    /// - `factor`: what the units multiply as a gate.
    public func callAsFunction(_ x: Variable, times factor: Variable? = nil) -> Variable {
        switch self {
        case .gelu: x.gelu(times: factor)
        case .tanhGELU: x.tanhGELU(times: factor)
        case .quickGELU: x.quickGELU(times: factor)
        case .silu: x.silu(times: factor)
        }
    }
}
