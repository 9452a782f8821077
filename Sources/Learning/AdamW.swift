public import Autodiff
internal import CKernels
internal import Foundation
public import Layers
public import Tensors

/// Adam with decoupled weight decay (arXiv 1711.05101), as PyTorch's `AdamW`.
///
/// Matrices decay; norms, biases, tokens and the logit scale (rank below 2) do not.
public final class AdamW {
    public struct Options: Codable, Equatable, Sendable {
        public var beta1: Float
        public var beta2: Float
        public var epsilon: Float
        public var weightDecay: Float

        /// The paper's values.
        public init(beta1: Float = 0.9, beta2: Float = 0.98, epsilon: Float = 1e-6, weightDecay: Float = 0.05) {
            self.beta1 = beta1
            self.beta2 = beta2
            self.epsilon = epsilon
            self.weightDecay = weightDecay
        }
    }

    public let options: Options
    /// Steps taken so far.
    public private(set) var step = 0
    private let slots: [Slot]
    private let averageDecay: Float

    private struct Slot {
        let parameter: Parameter
        let decays: Bool
        let mean: Tensor
        let square: Tensor
        /// The moving average of the parameter.
        let average: Tensor?
    }

    /// - `average`: of some of the parameters, updated with them in one pass over memory.
    public init(_ parameters: [Parameter], average: MovingAverage? = nil, options: Options = Options()) {
        self.options = options
        averageDecay = average?.decay ?? 0
        let averages = Dictionary(uniqueKeysWithValues: (average?.parameters ?? []).map { ($0.path, $0.value) })
        precondition(
            Set(averages.keys).isSubset(of: parameters.map(\.path))
                && parameters.allSatisfy { averages[$0.path].map(\.shape) ?? $0.shape == $0.shape },
            "a moving average needs two networks of one architecture")
        slots = parameters.map {
            Slot(
                parameter: $0, decays: $0.shape.rank >= 2, mean: .zeros($0.shape),
                square: .zeros($0.shape), average: averages[$0.path])
        }
    }

    /// One step. `rate` gives the learning rate of the parameter at a path; `gradientScale` multiplies every gradient
    /// first (see `Gradients.clipFactor`). A parameter without a gradient stays as it is; its average still follows it.
    public func step(_ gradients: Gradients, gradientScale: Float = 1, rate: (String) -> Float) {
        step += 1
        var update = adamw_step()
        (update.beta1, update.beta2, update.epsilon) = (options.beta1, options.beta2, options.epsilon)
        update.correction1 = Float(1 - pow(Double(options.beta1), Double(step)))
        update.correction2 = Float(1 - pow(Double(options.beta2), Double(step)))
        update.gradient_scale = gradientScale
        update.average_decay = averageDecay
        for slot in slots {
            guard let gradient = gradients[slot.parameter.path] else {
                if let average = slot.average { follow(slot.parameter.value, by: average) }
                continue
            }
            update.rate = rate(slot.parameter.path)
            update.decay = slot.decays ? options.weightDecay : 0
            let (values, slopes) = (slot.parameter.value.data, gradient.data)
            let (means, squares, average) = (slot.mean.data, slot.square.data, slot.average?.data)
            withUnsafePointer(to: update) { update in
                parallel(gradient.shape.count, cost: 2) { range in
                    let start = range.lowerBound
                    adamw_update(
                        values + start, slopes + start, means + start, squares + start, average.map { $0 + start },
                        update, range.count)
                }
            }
        }
    }

    private func follow(_ value: Tensor, by average: Tensor) {
        moving_average_update(average.data, value.data, averageDecay, value.shape.count)
    }

    /// Everything but the parameters themselves, for a checkpoint: the two moments of each, below its path.
    public var state: [(name: String, tensor: Tensor)] {
        slots.flatMap { [("mean/\($0.parameter.path)", $0.mean), ("square/\($0.parameter.path)", $0.square)] }
    }

    /// Continues after `step` steps; the moments have been written into the tensors of `state`.
    public func resume(at step: Int) { self.step = step }
}
