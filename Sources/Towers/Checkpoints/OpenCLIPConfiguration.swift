internal import Archive
internal import Foundation
internal import Inputs
internal import Layers

/// An `open_clip_config.json`: `model_cfg` describes the towers, `preprocess_cfg` the pictures.
struct OpenCLIPConfiguration {
    private let path: String
    private let content: Content

    private struct Content: Decodable {
        let model_cfg: Model
        let preprocess_cfg: Preprocessing?
    }

    private struct Model: Decodable {
        let embed_dim: Int
        let quick_gelu: Bool?
        let custom_text: Bool?
        let vision_cfg: Vision
        let text_cfg: Text
    }

    private struct Vision: Decodable {
        let image_size: Int?
        let layers: Int?
        let width: Int?
        let head_width: Int?
        let mlp_ratio: Double?
        let patch_size: Int?
        let timm_model_name: String?
        let timm_pool: String?
        let timm_proj: String?
        let attentional_pool: Bool?
        let no_ln_pre: Bool?
        let pool_type: String?
        let ls_init_value: Double?
        let norm_kwargs: Norm?
    }

    private struct Norm: Decodable {
        let eps: Float?
    }

    private struct Activations: Decodable {
        let approximate: String?
    }

    private struct Text: Decodable {
        let context_length: Int?
        let vocab_size: Int?
        let width: Int?
        let heads: Int?
        let layers: Int?
        let mlp_ratio: Double?
        let hf_model_name: String?
        let hf_tokenizer_name: String?
        let tokenizer_kwargs: TokenizerOptions?
        let tokenizer_mode: String?
        let no_causal_mask: Bool?
        let embed_cls: Bool?
        let pool_type: String?
        let proj_bias: Bool?
        let ls_init_value: Double?
        let norm_kwargs: Norm?
        let act_kwargs: Activations?
    }

    private struct TokenizerOptions: Decodable {
        let clean: String?
        let strip_sep_token: Bool?
    }

    private struct Preprocessing: Decodable {
        let size: Side?
        let mean: [Float]?
        let std: [Float]?
        let interpolation: String?
        let resize_mode: String?
        let fill_color: Int?
    }

    /// `224` or `[224, 224]`
    private struct Side: Decodable {
        let value: Int

        init(from decoder: any Swift.Decoder) throws {
            let container = try decoder.singleValueContainer()
            let sides = try (try? [container.decode(Int.self)]) ?? container.decode([Int].self)
            guard let side = sides.first, sides.allSatisfy({ $0 == side }) else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a square")
            }
            value = side
        }
    }

    init(_ path: String) throws {
        self.path = path
        content = try JSONFile.read(Content.self, path, expected: "an open_clip_config.json")
    }

    private func unsupported(_ reason: String) -> ArchiveError { .unreadable(path, reason: reason) }

    func description(weights: String, folder: String) throws -> ForeignCheckpoint.Description {
        let model = content.model_cfg
        let activation: Activation = model.quick_gelu == true ? .quickGELU : .gelu
        let image = try image(model.vision_cfg, outputs: model.embed_dim, activation)
        let text = try text(model.text_cfg, outputs: model.embed_dim, activation)
        return ForeignCheckpoint.Description(
            family: try family(image, text), image: image, text: text,
            preprocessing: try preprocessing(size: image.imageSize),
            tokenizer: try tokenizer(model.text_cfg, folder), weights: [weights],
            tensors: { try NamedTensors(reading: weights) })
    }

    /// open_clip's own cleans texts in one way, another in that which it is told.
    private func tokenizer(_ text: Text, _ folder: String) throws -> ForeignCheckpoint.TokenizerFiles {
        let isOwn = (text.hf_tokenizer_name ?? "").isEmpty
        let clean = text.tokenizer_kwargs?.clean ?? (isOwn ? TextCleaning.lower : .whitespace).rawValue
        guard let cleaning = TextCleaning(rawValue: clean), !isOwn || cleaning == .lower else {
            throw unsupported("its texts are cleaned as \(clean), which is not done here for its tokenizer")
        }
        guard text.tokenizer_kwargs?.strip_sep_token != true, (text.tokenizer_mode ?? "").isEmpty else {
            throw unsupported("its tokenizer's marks are put as is not done here")
        }
        return isOwn ? .openAI : .folder(folder, cleaning)
    }

    private func family(
        _ image: VisionTransformer.Configuration, _ text: CLIPTextTransformer.Configuration
    ) throws -> ForeignCheckpoint.Family {
        let hasOwnText = content.model_cfg.custom_text == true
        switch (image.style, text.style) {
        case (.init(), .init()): return hasOwnText ? .openCLIPCustomText : .openCLIP
        case (.eva02, .init()) where hasOwnText: return .openCLIPEVA02
        case (.siglip, .siglip) where hasOwnText: return .openCLIPSigLIP
        default: throw unsupported("it joins an image tower and a text tower that are not published together")
        }
    }

    private func image(
        _ vision: Vision, outputs: Int, _ activation: Activation
    ) throws -> VisionTransformer.Configuration {
        if let name = vision.timm_model_name { return try timm(name, vision, outputs: outputs) }
        guard vision.attentional_pool != true, vision.no_ln_pre != true, vision.pool_type ?? "tok" == "tok",
            vision.ls_init_value == nil
        else { throw unsupported("its image tower is not CLIP's plain one") }
        let width = vision.width ?? 768
        return VisionTransformer.Configuration(
            imageSize: vision.image_size ?? 224, patchSize: vision.patch_size ?? 16, width: width,
            layers: vision.layers ?? 12, heads: width / max(1, vision.head_width ?? 64),
            mlpWidth: try inner(width, vision.mlp_ratio), outputs: outputs, activation: activation,
            epsilon: vision.norm_kwargs?.eps ?? 1e-5)
    }

    /// timm's models have their sizes by name (`eva02_large_patch14_clip_224` and the like).
    private func timm(_ name: String, _ vision: Vision, outputs: Int) throws -> VisionTransformer.Configuration {
        guard let tower = TimmTower.configuration(name, imageSize: vision.image_size, outputs: outputs) else {
            throw unsupported("its image tower is timm's \(name), which is not known here")
        }
        let isSigLIP = tower.style == .siglip
        guard vision.timm_pool == (isSigLIP ? "map" : "token"), vision.timm_proj ?? "none" == "none" else {
            throw unsupported("the features of its image tower \(name) are not taken as published")
        }
        return tower
    }

    private func text(
        _ text: Text, outputs: Int, _ activation: Activation
    ) throws -> CLIPTextTransformer.Configuration {
        if let name = text.hf_model_name {
            throw unsupported("its text tower is Hugging Face's \(name), which is not known here")
        }
        let style = CLIPTextTransformer.Style(
            isCausal: text.no_causal_mask != true, pooling: text.pool_type == "last" ? .last : .endOfText,
            hasProjectionBias: text.proj_bias == true)
        guard style == .init() || style == .siglip, ["argmax", "last"].contains(text.pool_type ?? "argmax"),
            text.embed_cls != true, text.ls_init_value == nil
        else { throw unsupported("its text tower is neither CLIP's nor SigLIP's") }
        let width = text.width ?? 512
        return CLIPTextTransformer.Configuration(
            vocabularySize: text.vocab_size ?? 49_408, contextLength: text.context_length ?? 77, width: width,
            layers: text.layers ?? 12, heads: text.heads ?? 8, mlpWidth: try inner(width, text.mlp_ratio),
            outputs: outputs, activation: text.act_kwargs?.approximate == "tanh" ? .tanhGELU : activation,
            epsilon: text.norm_kwargs?.eps ?? 1e-5, style: style)
    }

    private func inner(_ width: Int, _ ratio: Double?) throws -> Int {
        guard let inner = Int(exactly: (Double(width) * (ratio ?? 4)).rounded(.down)) else {
            throw unsupported("its mlp_ratio is impossible")
        }
        return inner
    }

    /// What open_clip fills in is filled in; without any description there is none.
    private func preprocessing(size: Int) throws -> PicturePreprocessing? {
        guard let given = content.preprocess_cfg else { return nil }
        let mean = given.mean ?? PairDataset.clipMean
        let deviation = given.std ?? PairDataset.clipDeviation
        let modes: [String: PictureFitting.Mode] = [
            "shortest": .shortestSide, "squash": .squash, "longest": .longestSide,
        ]
        guard let mode = modes[given.resize_mode ?? "shortest"] else {
            throw unsupported("its resize_mode is \(given.resize_mode ?? "")")
        }
        guard let interpolation = Interpolation(rawValue: given.interpolation ?? "bicubic"), interpolation != .lanczos
        else { throw unsupported("its interpolation is \(given.interpolation ?? "")") }
        guard mode != .longestSide || given.fill_color ?? 0 == 0 else {
            throw unsupported("it fills pictures with the colour \(given.fill_color ?? 0)")
        }
        guard mean.count == 3, deviation.count == 3 else { throw unsupported("its mean or std lacks three numbers") }
        return PicturePreprocessing(
            size: given.size?.value ?? size, fitting: PictureFitting(mode, interpolation), mean: mean,
            deviation: deviation, source: (path as NSString).lastPathComponent)
    }
}
