internal import Archive
internal import Inputs
internal import Layers

/// How an image tower is written for the library that has its architecture.
public struct TowerForm {
    /// The library that loads it.
    public let library: String
    /// Loads `tower` from the folder `.`, in Python.
    public let loading: String
    /// The feature of prepared `pixels`, not normalised, in Python.
    public let feature: String
    /// Whether the tower has a projection that the architecture lacks: the bridge to an adapter, which lies beside it.
    public let isBridged: Bool
    /// What the library calls the tensors.
    public let names: NameTable
    let configuration: [String: JSONTree]

    /// Throws a `ConfigurationError` for an architecture that no library has.
    public init(_ image: VisionTransformer.Configuration) throws {
        var sizes = Self.sizes(of: image)
        var style = image.style
        isBridged = style != .init() && style.projection == .linear
        if isBridged { style.projection = .none }
        let (model, output, type): (String, String, JSONTree)
        switch style {
        case .init():
            (model, output, type) = ("CLIPVisionModelWithProjection", "image_embeds", "clip_vision_model")
            names = CLIPModel.huggingFace
        case .siglip:
            (model, output, type) = ("SiglipVisionModel", "pooler_output", "siglip_vision_model")
            names = CLIPModel.huggingFaceSigLIP
        case .dinov2:
            (model, output, type) = ("Dinov2Model", "pooler_output", "dinov2")
            names = VisionTransformer.huggingFaceDINOv2
            sizes["mlp_ratio"] = .number(Double(image.mlpWidth) / Double(image.width))
        default:
            guard let name = TimmTower.name(of: image) else {
                throw ConfigurationError("no library has an image tower of this architecture; save the model as hdf5")
            }
            (library, feature, names) = ("timm", "tower(pixels)", VisionTransformer.timmEVA02)
            loading = """
                import timm
                tower = timm.create_model("local-dir:.", pretrained=True).eval()
                """
            configuration = Self.timm(name, image)
            return
        }
        (library, feature) = ("transformers", "tower(pixels).\(output)")
        loading = """
            from transformers import \(model)
            tower = \(model).from_pretrained(".").eval()
            """
        configuration = sizes.merging(["architectures": [.text(model)], "model_type": type]) { $1 }
    }

    private static func timm(_ name: String, _ image: VisionTransformer.Configuration) -> [String: JSONTree] {
        let side = JSONTree(image.imageSize)
        let share = Double(image.imageSize) / Double(image.fitting.resizedSide ?? image.imageSize)
        return [
            "architecture": .text(name), "num_classes": JSONTree(image.outputs), "model_args": ["img_size": side],
            "pretrained_cfg": [
                "input_size": [3, side, side], "mean": JSONTree(image.mean), "std": JSONTree(image.deviation),
                "interpolation": .text(image.fitting.interpolation.rawValue), "crop_pct": .number(share),
                "crop_mode": image.fitting.mode == .shortestSide ? "center" : "squash",
                "num_classes": JSONTree(image.outputs), "classifier": "head", "first_conv": "patch_embed.proj",
            ],
        ]
    }

    static func sizes(of image: VisionTransformer.Configuration) -> [String: JSONTree] {
        [
            "hidden_size": JSONTree(image.width), "intermediate_size": JSONTree(image.mlpWidth),
            "num_hidden_layers": JSONTree(image.layers), "num_attention_heads": JSONTree(image.heads),
            "image_size": JSONTree(image.imageSize), "patch_size": JSONTree(image.patchSize),
            "hidden_act": .text(image.activation.huggingFaceName), "layer_norm_eps": JSONTree(image.epsilon),
            "projection_dim": JSONTree(image.outputs),
        ]
    }
}
