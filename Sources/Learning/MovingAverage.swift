public import Layers

/// An exponential moving average of a network's parameters in a twin network:
/// θ* = decay · θ* + (1 − decay) · θ, updated in the optimiser's step (ProCLIP, arXiv 2510.18795, section 3.3).
public struct MovingAverage {
    public let decay: Float
    /// Those of the twin.
    public let parameters: [Parameter]

    /// `parameters` belong to the twin, which starts as a copy; each averages the parameter at its path.
    public init(in parameters: [Parameter], decay: Float) {
        self.parameters = parameters
        self.decay = decay
    }
}
