public import Autodiff
internal import Foundation
public import Layers

/// The contrastive loss of a batch with a learnable temperature.
///
/// Without a bias it is symmetric InfoNCE (CLIP, arXiv 2103.00020, Fig. 3): the mean cross-entropy of each direction,
/// averaged. ProCLIP's Eq. 4 prints a sum over the batch; its released loss, like this one, takes the mean. With a bias
/// it is SigLIP's pairwise sigmoid loss.
public struct Contrastive {
    /// The logarithm of the factor on the cosines; a scalar parameter. InfoNCE keeps it in `[0, ln 100]`.
    public let logitScale: Parameter
    /// Added to the scaled cosines; a scalar parameter.
    public let logitBias: Parameter?
    /// ln 100, the bound of `logitScale` under InfoNCE; SigLIP's published scales lie above it.
    public static let largestLogitScale = Float(log(100.0))

    /// What a log calls the loss.
    public var name: String { logitBias == nil ? "info" : "sigmoid" }

    /// `logitBias` nil is InfoNCE.
    public init(logitScale: Parameter, logitBias: Parameter? = nil) {
        self.logitScale = logitScale
        self.logitBias = logitBias
    }

    /// Image and text `[B, D]`, L2-normalised, row i of one belonging to row i of the other. A scalar.
    public func callAsFunction(image: Variable, text: Variable) -> Variable {
        let scale = logitScale(beside: image)
        guard let logitBias else { return .infoNCE(image: image, text: text, logitScale: scale) }
        return .pairwiseSigmoid(image: image, text: text, logitScale: scale, logitBias: logitBias(beside: image))
    }

    /// Brings the scale back into its bounds; called after each step of the optimiser.
    public func clamp() {
        guard logitBias == nil else { return }
        logitScale.value.data[0] = min(max(logitScale.value.data[0], 0), Self.largestLogitScale)
    }

    /// The loss of guessing among `batch` candidates: ln B, or for the sigmoid loss, whose best guess is that each of the
    /// B texts belongs with chance 1/B, ln B + (B − 1) ln(B / (B − 1)).
    public func chance(batch: Int) -> Float {
        let count = Double(batch)
        return Float(logitBias == nil ? log(count) : log(count) + (count - 1) * log(count / (count - 1)))
    }
}
