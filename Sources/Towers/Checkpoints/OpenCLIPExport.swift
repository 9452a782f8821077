internal import Archive
internal import Foundation
public import Inputs
internal import Layers
public import Tensors

/// Models as folders that open_clip loads as `local-dir:FOLDER`.
public enum OpenCLIPExport {
    /// `open_clip_config.json` and `open_clip_model.safetensors`. Throws `ArchiveError`, or a `ConfigurationError` for a
    /// model that open_clip does not have.
    /// - `cleaning`: what is done to texts before the tokenizer in the folder sees them; nil for open_clip's own.
    public static func write(
        _ model: CLIPModel, cleaning: TextCleaning?, as type: ElementType, to folder: String
    ) throws {
        let (image, text) = (model.image.configuration, model.text.configuration)
        let (names, vision) = try form(image, text)
        let modes: [PictureFitting.Mode: JSONTree] = [
            .shortestSide: "shortest", .longestSide: "longest", .squash: "squash", .whiteSquare: "squash",
        ]
        var description: [String: JSONTree] = [
            "embed_dim": JSONTree(image.outputs), "quick_gelu": .boolean(text.activation == .quickGELU),
            "vision_cfg": .object(vision), "text_cfg": .object(textSizes(text, cleaning)),
        ]
        if image.style != .init() { description["custom_text"] = true }
        if let bias = model.logitBias { description["init_logit_bias"] = JSONTree(bias.value.item) }
        let content: JSONTree = [
            "model_cfg": .object(description),
            "preprocess_cfg": [
                "size": [JSONTree(image.imageSize), JSONTree(image.imageSize)], "mode": "RGB",
                "mean": JSONTree(image.mean), "std": JSONTree(image.deviation),
                "interpolation": image.fitting.interpolation == .bilinear ? "bilinear" : "bicubic",
                "resize_mode": modes[image.fitting.mode] ?? "shortest",
            ],
        ]
        try JSONFile.write(content, to: folder + "/open_clip_config.json")
        try HuggingFaceExport.write(
            model.parameters.map { ($0.path, $0.value) }, names, as: type, to: folder + "/open_clip_model.safetensors")
    }

    /// open_clip's names of a model, and its `vision_cfg`.
    private static func form(
        _ image: VisionTransformer.Configuration, _ text: CLIPTextTransformer.Configuration
    ) throws -> (NameTable, [String: JSONTree]) {
        let isPlain = image.style == .init() && text.style == .init() && image.activation == text.activation
        if isPlain, [.gelu, .quickGELU].contains(image.activation) { return (CLIPModel.openCLIP, sizes(image)) }
        let isSigLIP = image.style == .siglip && text.style == .siglip
        let textIsKnown = isSigLIP ? [.gelu, .tanhGELU].contains(text.activation) : text.activation == .gelu
        guard isSigLIP || image.style == .eva02 && text.style == .init(), textIsKnown,
            let name = TimmTower.name(of: image)
        else {
            throw ConfigurationError(refusal(image, isSigLIP: isSigLIP))
        }
        return (
            isSigLIP ? CLIPModel.openCLIPSigLIP : CLIPModel.openCLIPEVA02,
            [
                "image_size": JSONTree(image.imageSize), "timm_model_name": .text(name), "timm_model_pretrained": false,
                "timm_pool": isSigLIP ? "map" : "token", "timm_proj": isSigLIP ? "none" : .null,
            ]
        )
    }

    /// timm gives every tower its activation by name: one that was trained with another would be computed wrongly.
    private static func refusal(_ image: VisionTransformer.Configuration, isSigLIP: Bool) -> String {
        let wayOut = "save the model as \(isSigLIP ? "hf, " : "")hdf5 or safetensors"
        var other = image
        other.activation = image.activation == .gelu ? .tanhGELU : .gelu
        guard let name = TimmTower.name(of: other) else {
            return "open_clip has no CLIP of this architecture; \(wayOut)"
        }
        return
            "open_clip computes this image tower, timm's \(name), with \(other.activation.rawValue) and this model has "
            + "\(image.activation.rawValue), which would give other features; \(wayOut)"
    }

    private static func sizes(_ image: VisionTransformer.Configuration) -> [String: JSONTree] {
        [
            "image_size": JSONTree(image.imageSize), "layers": JSONTree(image.layers), "width": JSONTree(image.width),
            "head_width": JSONTree(image.width / image.heads), "patch_size": JSONTree(image.patchSize),
            "mlp_ratio": ratio(image.mlpWidth, image.width), "norm_kwargs": ["eps": JSONTree(image.epsilon)],
        ]
    }

    private static func textSizes(
        _ text: CLIPTextTransformer.Configuration, _ cleaning: TextCleaning?
    ) -> [String: JSONTree] {
        var sizes: [String: JSONTree] = [
            "context_length": JSONTree(text.contextLength), "vocab_size": JSONTree(text.vocabularySize),
            "width": JSONTree(text.width), "heads": JSONTree(text.heads), "layers": JSONTree(text.layers),
            "mlp_ratio": ratio(text.mlpWidth, text.width), "norm_kwargs": ["eps": JSONTree(text.epsilon)],
        ]
        if let cleaning {
            sizes["hf_tokenizer_name"] = "./"
            sizes["tokenizer_kwargs"] = ["clean": .text(cleaning.rawValue)]
        }
        guard text.style == .siglip else { return sizes }
        sizes.merge(["no_causal_mask": true, "proj_bias": true, "pool_type": "last"]) { $1 }
        if text.activation == .tanhGELU { sizes["act_kwargs"] = ["approximate": "tanh"] }
        return sizes
    }

    /// A ratio whose product with the width is not below the inner width: open_clip drops the fraction.
    private static func ratio(_ inner: Int, _ width: Int) -> JSONTree {
        let ratio = Double(inner) / Double(width)
        return .number(Int(ratio * Double(width)) == inner ? ratio : ratio.nextUp)
    }
}
