internal import Archive
internal import Foundation
internal import Inputs
internal import Layers
public import Tensors

/// Models as folders that Hugging Face's transformers loads.
public enum HuggingFaceExport {
    /// A CLIP or SigLIP: `config.json`, `model.safetensors`, `preprocessor_config.json`.
    /// Throws `ArchiveError`, or a `ConfigurationError` for a model that has no form there.
    public static func write(_ model: CLIPModel, as type: ElementType, to folder: String) throws {
        let (image, text) = (model.image.configuration, model.text.configuration)
        let isSigLIP = image.style == .siglip && text.style == .siglip
        guard isSigLIP || (image.style == .init() && text.style == .init()) else {
            throw ConfigurationError("transformers has no CLIP of this architecture; save the model as hdf5")
        }
        let end = JSONTree(text.vocabularySize - 1)
        let start = JSONTree(max(0, text.vocabularySize - 2))
        let textSizes: [String: JSONTree] = [
            "model_type": isSigLIP ? "siglip_text_model" : "clip_text_model", "hidden_size": JSONTree(text.width),
            "intermediate_size": JSONTree(text.mlpWidth), "num_hidden_layers": JSONTree(text.layers),
            "num_attention_heads": JSONTree(text.heads), "max_position_embeddings": JSONTree(text.contextLength),
            "vocab_size": JSONTree(text.vocabularySize), "hidden_act": .text(text.activation.huggingFaceName),
            "layer_norm_eps": JSONTree(text.epsilon), "projection_dim": JSONTree(text.outputs),
            "projection_size": JSONTree(text.outputs), "bos_token_id": start, "eos_token_id": end, "pad_token_id": end,
        ]
        let configuration: JSONTree = [
            "architectures": [isSigLIP ? "SiglipModel" : "CLIPModel"], "model_type": isSigLIP ? "siglip" : "clip",
            "projection_dim": JSONTree(image.outputs), "dtype": .text(type.rawValue),
            "vision_config": .object(
                TowerForm.sizes(of: image).merging([
                    "model_type": isSigLIP ? "siglip_vision_model" : "clip_vision_model"
                ]) { $1 }),
            "text_config": .object(textSizes),
        ]
        try JSONFile.write(configuration, to: folder + "/config.json")
        let names = isSigLIP ? CLIPModel.huggingFaceSigLIP : CLIPModel.huggingFace
        try write(model.parameters.map { ($0.path, $0.value) }, names, as: type, to: folder + "/model.safetensors")
        try writePreprocessing(image, to: folder)
    }

    /// An image tower alone, in the form that its library loads. Throws as the other.
    public static func write(_ tower: ImageTower, as type: ElementType, to folder: String) throws {
        try write(tower.image.configuration, tower.parameters, try TowerForm(tower.image.configuration), type, folder)
    }

    /// An aligned model: its image tower in the form that its library loads, and beside it in `adapter.safetensors` its
    /// adapter under LLM2CLIP's names, with the bridge where there is one. Throws as the other.
    public static func write(_ model: AlignedModel, as type: ElementType, to folder: String) throws {
        let form = try TowerForm(model.image.configuration)
        let bridge = model.parameters.filter { form.isBridged && $0.path.hasPrefix("image/projection/") }
        let bridgePaths = Set(bridge.map(\.path))
        let tower = model.parameters.filter { $0.path.hasPrefix("image/") && !bridgePaths.contains($0.path) }
        try write(model.image.configuration, tower, form, type, folder)
        let rest = model.parameters.filter { !$0.path.hasPrefix("image/") } + bridge
        try write(
            rest.map { ($0.path, $0.value) }, Adapter.llm2clip(blocks: model.adapter.configuration.blocks),
            as: .float32, to: folder + "/adapter.safetensors")
    }

    private static func write(
        _ image: VisionTransformer.Configuration, _ parameters: [Parameter], _ form: TowerForm, _ type: ElementType,
        _ folder: String
    ) throws {
        var configuration = form.configuration
        configuration["dtype"] = .text(type.rawValue)
        try JSONFile.write(JSONTree.object(configuration), to: folder + "/config.json")
        try write(parameters.map { ($0.path, $0.value) }, form.names, as: type, to: folder + "/model.safetensors")
        try writePreprocessing(image, to: folder)
    }

    static func write(
        _ tensors: [(path: String, value: Tensor)], _ names: NameTable, as type: ElementType, to path: String
    ) throws {
        let converted = tensors.map { ($0.path, $0.value.converted(to: type)) }
        try SafetensorsFile.write(
            path, tensors: try names.foreign(converted).map { ($0.0, $0.1) }, metadata: ["format": "pt"])
    }

    /// White margins are no part of transformers' preparation: there a picture has to be square already.
    private static func writePreprocessing(_ image: VisionTransformer.Configuration, to folder: String) throws {
        let resamplings: [Interpolation: JSONTree] = [.lanczos: 1, .bilinear: 2, .bicubic: 3]
        let side = JSONTree(image.imageSize)
        let square: JSONTree = ["height": side, "width": side]
        let cuts = image.fitting.mode == .shortestSide
        var content: [String: JSONTree] = [
            "image_processor_type": image.style == .siglip ? "SiglipImageProcessor" : "CLIPImageProcessor",
            "do_convert_rgb": true, "do_resize": true, "do_rescale": true, "rescale_factor": .number(1.0 / 255),
            "do_normalize": true, "image_mean": JSONTree(image.mean), "image_std": JSONTree(image.deviation),
            "resample": resamplings[image.fitting.interpolation] ?? 3, "do_center_crop": .boolean(cuts), "size": square,
        ]
        if cuts {
            content["size"] = ["shortest_edge": image.fitting.resizedSide.map { JSONTree($0) } ?? side]
            content["crop_size"] = square
        }
        try JSONFile.write(JSONTree.object(content), to: folder + "/preprocessor_config.json")
    }
}

extension Adapter {
    /// The names of LLM2CLIP's adapter of that many blocks, a `Sequential` of blocks, norm and projection.
    public static func llm2clip(blocks: Int) -> NameTable {
        NameTable([
            "text_adaptor.#.ln": "adapter/blocks/#/norm", "text_adaptor.#.fn.0": "adapter/blocks/#/up",
            "text_adaptor.#.fn.3": "adapter/blocks/#/down",
            "text_adaptor.\(blocks)": "adapter/norm", "text_adaptor.\(blocks + 1)": "adapter/projection",
            "standardise.mean": "adapter/standardise/mean", "standardise.deviation": "adapter/standardise/deviation",
            "logit_scale": "logit_scale", "logit_bias": "logit_bias", "image_projection": "image/projection",
        ])
    }
}
