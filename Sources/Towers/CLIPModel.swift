public import Layers

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

    /// - Parameter hasLogitBias: as in SigLIP.
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
        logitBias = hasLogitBias ? try source.root.parameter("logit_bias", .scalar, .constant(-10)) : nil
        parameters = try source.finish()
    }
}

/// ln(1 / 0.07), where CLIP's logit scale starts (arXiv 2103.00020, section 2.5).
let initialLogitScale: Float = 2.659_26
