public import Autodiff

/// What follows attention in a block: [..., width] -> [..., width] through `inner` units.
public struct FeedForward {
    public let up: Linear
    /// The gate of SwiGLU (Shazeer, 2020), which multiplies what `up` gives.
    public let gate: Linear?
    /// Of the inner units; EVA-02's sub-LN.
    public let norm: LayerNorm?
    public let down: Linear
    public let activation: Activation

    /// Parameters `up`, `down`, and `gate` and `norm` where asked for. Throws what the source throws.
    public init(
        width: Int, inner: Int, activation: Activation, isGated: Bool = false, innerEpsilon: Float? = nil,
        upDeviation: Float? = nil, downDeviation: Float? = nil, scope: ParameterScope
    ) throws {
        up = try Linear(inputs: width, outputs: inner, deviation: upDeviation, scope: scope["up"])
        gate =
            isGated ? try Linear(inputs: width, outputs: inner, deviation: upDeviation, scope: scope["gate"]) : nil
        norm = try innerEpsilon.map { try LayerNorm(width: inner, epsilon: $0, scope: scope["norm"]) }
        down = try Linear(inputs: inner, outputs: width, deviation: downDeviation, scope: scope["down"])
        self.activation = activation
    }

    public func callAsFunction(_ x: Variable) -> Variable {
        let units = gate.map { activation($0(x), times: up(x)) } ?? activation(up(x))
        return down(norm.map { $0(units) } ?? units)
    }
}
