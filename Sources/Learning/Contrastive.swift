public import Autodiff
internal import Foundation
public import Layers

/// Symmetric InfoNCE with a learnable temperature (CLIP, arXiv 2103.00020, Fig. 3): the mean cross-entropy of each
/// direction, averaged. ProCLIP's Eq. 4 prints a sum over the batch; its released loss, like this one, takes the mean.
public struct Contrastive {
    /// The logarithm of the factor on the cosines; a scalar parameter, kept in `[0, ln 100]`.
    public let logitScale: Parameter
    /// ln 100, the bound of `logitScale`.
    public static let largestLogitScale = Float(log(100.0))

    public init(logitScale: Parameter) { self.logitScale = logitScale }

    /// Image and text `[B, D]`, L2-normalised, row i of one belonging to row i of the other. A scalar.
    public func callAsFunction(image: Variable, text: Variable) -> Variable {
        .infoNCE(image: image, text: text, logitScale: logitScale(beside: image))
    }

    /// Brings the scale back into its bounds; called after each step of the optimiser.
    public func clamp() {
        logitScale.value.data[0] = min(max(logitScale.value.data[0], 0), Self.largestLogitScale)
    }

    /// The loss of guessing among `batch` candidates, ln B.
    public static func chance(batch: Int) -> Float { Float(log(Double(batch))) }
}
