internal import Foundation
public import Layers
public import Tensors

/// CLIP (Radford et al., 2021, arXiv 2103.00020): an image tower, a text tower, and the logit scale between them.
public struct CLIPModel {
    /// E_I
    public let image: VisionTransformer
    /// E_T
    public let text: CLIPTextTransformer
    /// The logarithm of the inverse temperature, a scalar.
    public let logitScale: Parameter
    /// Added to the scaled cosines by SigLIP, a scalar.
    public let logitBias: Parameter?
    /// All parameters, at `image/...`, `text/...`, `logit_scale` and `logit_bias`.
    public let parameters: [Parameter]

    /// - `hasLogitBias`: as in SigLIP.
    ///
    /// Throws a `ConfigurationError` for towers whose features differ in width, and what the source throws.
    public init(
        image: VisionTransformer.Configuration, text: CLIPTextTransformer.Configuration, hasLogitBias: Bool = false,
        source: ParameterSource
    ) throws {
        guard image.outputs == text.outputs else {
            throw ConfigurationError(
                "the image tower gives \(image.outputs) features and the text tower \(text.outputs); make them equal")
        }
        self.image = try VisionTransformer(configuration: image, scope: source.root["image"])
        self.text = try CLIPTextTransformer(configuration: text, scope: source.root["text"])
        logitScale = try source.root.parameter("logit_scale", .scalar, .constant(initialLogitScale))
        logitBias = hasLogitBias ? try source.root.parameter("logit_bias", .scalar, .constant(initialLogitBias)) : nil
        parameters = try source.finish()
    }

    /// An image tower of the same values, which are its own.
    public func imageTwin() throws -> ImageTower {
        let tensors = parameters.filter { $0.path.hasPrefix("image/") }.valuesByPath
        return try ImageTower(image.configuration, source: ParameterSource(tensors: tensors))
    }

    /// How much each text fits each picture: exp(logit_scale) · images · textsᵀ + logit_bias, features [I, D] and [T, D] of
    /// length 1 -> [I, T].
    public func logits(images: Tensor, texts: Tensor) -> Tensor {
        let logits = Tensor.full([images.shape[0], texts.shape[0]], logitBias?.value.item ?? 0)
        Tensor.matmul(
            images, texts, transposeB: true, alpha: exp(logitScale.value.item), beta: 1, into: logits)
        return logits
    }
}

/// ln(1 / 0.07), where CLIP's logit scale starts (arXiv 2103.00020, section 2.5).
public let initialLogitScale: Float = 2.659_26
/// Where SigLIP's bias starts (arXiv 2303.15343, section 3.2): a pair of a picture and a text is seldom a right one.
public let initialLogitBias: Float = -10
