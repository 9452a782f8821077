internal import Inputs
public import Layers

/// An image tower by itself, such as a DINOv2, or one of random weights.
public struct ImageTower {
    public let image: VisionTransformer
    /// All parameters, at `image/...`.
    public let parameters: [Parameter]

    /// Throws a `ConfigurationError` for sizes that do not fit each other, and what the source throws.
    public init(_ configuration: VisionTransformer.Configuration, source: ParameterSource) throws {
        image = try VisionTransformer(configuration: configuration, scope: source.root["image"])
        parameters = try source.finish()
    }

    /// The sizes of `random:NAME`, by name: those of CLIP's published towers, and one for small pictures.
    public static let published: [String: VisionTransformer.Configuration] = {
        func clip(_ patch: Int, _ width: Int, _ layers: Int, _ outputs: Int) -> VisionTransformer.Configuration {
            VisionTransformer.Configuration(
                imageSize: 224, patchSize: patch, width: width, layers: layers, heads: width / 64, outputs: outputs,
                fitting: PictureFitting(.shortestSide))
        }
        return [
            "vit-b-32": clip(32, 768, 12, 512), "vit-b-16": clip(16, 768, 12, 512), "vit-l-14": clip(14, 1024, 24, 768),
            "vit-pico": VisionTransformer.Configuration(
                imageSize: 64, patchSize: 16, width: 192, layers: 4, heads: 6, outputs: 128),
        ]
    }()
}
