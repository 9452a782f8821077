public import Layers

/// What both stages of ProCLIP train: an image tower, and the adapter that places an embedder's vectors in its space.
/// The frozen embedder itself is not part of it: its vectors are computed once and cached.
public struct AlignedModel {
    /// E_I
    public let image: VisionTransformer
    /// A
    public let adapter: Adapter
    /// The logarithm of the inverse temperature, a scalar.
    public let logitScale: Parameter
    /// All parameters, at `image/...`, `adapter/...` and `logit_scale`.
    public let parameters: [Parameter]

    /// Throws a `ConfigurationError` where tower and adapter differ in their output's width, and what the
    /// source throws.
    public init(
        image: VisionTransformer.Configuration, adapter: Adapter.Configuration, source: ParameterSource
    ) throws {
        guard image.outputs == adapter.outputs else {
            throw ConfigurationError(
                "the image tower gives \(image.outputs) features and the adapter \(adapter.outputs); make them equal")
        }
        self.image = try VisionTransformer(configuration: image, scope: source.root["image"])
        self.adapter = try Adapter(configuration: adapter, scope: source.root["adapter"])
        logitScale = try source.root.parameter("logit_scale", .scalar, .constant(initialLogitScale))
        parameters = try source.finish()
    }
}
