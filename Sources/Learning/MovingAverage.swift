internal import CKernels
public import Layers

/// An exponential moving average of a network's parameters in a twin network:
/// θ* = decay · θ* + (1 − decay) · θ, updated after the optimiser's step (ProCLIP, arXiv 2510.18795, section 3.3).
public struct MovingAverage {
    public let decay: Float
    private let pairs: [(source: Parameter, average: Parameter)]

    /// `average` holds the parameters of the twin, which starts as a copy, in the order of `source`.
    public init(of source: [Parameter], in average: [Parameter], decay: Float) {
        precondition(
            source.count == average.count && zip(source, average).allSatisfy { $0.value.shape == $1.value.shape },
            "a moving average needs two networks of one architecture")
        self.decay = decay
        pairs = Array(zip(source, average))
    }

    public func update() {
        for (source, average) in pairs {
            moving_average_update(average.value.data, source.value.data, decay, source.value.shape.count)
        }
    }
}
