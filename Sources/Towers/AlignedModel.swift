public import Layers
public import Tensors

/// What both stages of ProCLIP train: an image tower, and the adapter that places an embedder's vectors in its space.
/// The frozen embedder itself is not part of it: its vectors are computed once and cached.
public struct AlignedModel {
    /// E_I
    public let image: VisionTransformer
    /// A
    public let adapter: Adapter
    /// The logarithm of the inverse temperature, a scalar.
    public let logitScale: Parameter
    /// Added to the scaled cosines where the model comes from a SigLIP or is trained as one, a scalar.
    public let logitBias: Parameter?
    /// All parameters, at `image/...`, `adapter/...`, `logit_scale` and `logit_bias`.
    public let parameters: [Parameter]

    /// Throws a `ConfigurationError` where tower and adapter differ in their output's width, and what the
    /// source throws.
    public init(
        image: VisionTransformer.Configuration, adapter: Adapter.Configuration, hasLogitBias: Bool = false,
        source: ParameterSource
    ) throws {
        guard image.outputs == adapter.outputs else {
            throw ConfigurationError(
                "the image tower gives \(image.outputs) features and the adapter \(adapter.outputs); make them equal")
        }
        self.image = try VisionTransformer(configuration: image, scope: source.root["image"])
        self.adapter = try Adapter(configuration: adapter, scope: source.root["adapter"])
        logitScale = try source.root.parameter("logit_scale", .scalar, .constant(initialLogitScale))
        logitBias = hasLogitBias ? try source.root.parameter("logit_bias", .scalar, .constant(initialLogitBias)) : nil
        parameters = try source.finish()
    }

    /// A model of copies of these tensors. Throws as the other.
    public init(
        image: VisionTransformer.Configuration, adapter: Adapter.Configuration, tensors: [String: Tensor]
    ) throws {
        try self.init(
            image: image, adapter: adapter, hasLogitBias: tensors["logit_bias"] != nil,
            source: ParameterSource(tensors: tensors))
    }
}
