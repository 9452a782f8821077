extension CLIPModel {
    /// The names of Hugging Face's `CLIPModel`; stored positions are left out.
    public static let huggingFace = NameTable(
        [
            "logit_scale": "logit_scale",
            "vision_model.embeddings.class_embedding": "image/class_embedding",
            "vision_model.embeddings.patch_embedding.weight": .kernel("image/patch_embedding/weight"),
            "vision_model.embeddings.position_embedding.weight": "image/position_embedding",
            "vision_model.pre_layrnorm": "image/norm_pre",
            "vision_model.post_layernorm": "image/norm_post",
            "visual_projection": "image/projection",
            "text_model.embeddings.token_embedding.weight": "text/token_embedding",
            "text_model.embeddings.position_embedding.weight": "text/position_embedding",
            "text_model.final_layer_norm": "text/norm_final",
            "text_projection": "text/projection",
        ].merging(huggingFaceBlocks) { $1 }, unused: positions)

    /// The names of Hugging Face's `SiglipModel` and of its text tower of one linear head.
    public static let huggingFaceSigLIP = NameTable(huggingFaceSigLIPPlaces, unused: positions)

    /// The names of Hugging Face's `Siglip2Model`, whose patches are rows of pixels.
    public static let huggingFaceSigLIP2 = NameTable(
        huggingFaceSigLIPPlaces.merging([
            "vision_model.embeddings.patch_embedding.weight": .pixels("image/patch_embedding/weight")
        ]) { $1 }, unused: positions)

    private static let huggingFaceSigLIPPlaces: [String: NameTable.Place] = [
        "logit_scale": .led(by: 1, "logit_scale"),
        "logit_bias": .led(by: 1, "logit_bias"),
        "vision_model.embeddings.patch_embedding.weight": .kernel("image/patch_embedding/weight"),
        "vision_model.embeddings.patch_embedding.bias": "image/patch_embedding/bias",
        "vision_model.embeddings.position_embedding.weight": "image/position_embedding",
        "vision_model.post_layernorm": "image/norm_post",
        "vision_model.head.probe": .led(by: 1, "image/pool/probe"),
        "vision_model.head.attention.in_proj_weight": thirds("image/pool/attention", "weight"),
        "vision_model.head.attention.in_proj_bias": thirds("image/pool/attention", "bias"),
        "vision_model.head.attention.out_proj": "image/pool/attention/output",
        "vision_model.head.layernorm": "image/pool/norm",
        "vision_model.head.mlp.fc1": "image/pool/mlp/up",
        "vision_model.head.mlp.fc2": "image/pool/mlp/down",
        "text_model.embeddings.token_embedding.weight": "text/token_embedding",
        "text_model.embeddings.position_embedding.weight": "text/position_embedding",
        "text_model.final_layer_norm": "text/norm_final",
        "text_model.head": "text/projection",
    ].merging(huggingFaceBlocks) { $1 }

    /// The names of open_clip's `CLIP` and of OpenAI's; the sizes that OpenAI's files repeat are left out.
    public static let openCLIP = NameTable(openCLIPPlaces(text: ""), unused: openCLIPUnused)

    /// The names of open_clip's `CustomTextCLIP` over the same image tower.
    public static let openCLIPCustomText = NameTable(openCLIPPlaces(text: "text."), unused: openCLIPUnused)

    /// The names of open_clip's `CustomTextCLIP` over an EVA-02 of timm; those of EVA-CLIP's own files are read too.
    public static let openCLIPEVA02 = NameTable(
        VisionTransformer.timmEVA02("visual.trunk.").merging(openCLIPText("text.")) { $1 }
            .merging(["logit_scale": "logit_scale"]) { $1 },
        aliases: VisionTransformer.publishedEVA02("visual."),
        unused: openCLIPUnused + ["visual.rope", "visual.blocks.#.attn.rope"])

    /// The names of open_clip's `CustomTextCLIP` over timm's SigLIP.
    public static let openCLIPSigLIP: NameTable = {
        var text = openCLIPText("text.")
        text["text.text_projection"] = "text/projection"
        return NameTable(
            VisionTransformer.timm("visual.trunk.").merging(text) { $1 }
                .merging(["logit_scale": "logit_scale", "logit_bias": "logit_bias"]) { $1 }, unused: openCLIPUnused)
    }()

    private static let openCLIPUnused = [
        "input_resolution", "context_length", "vocab_size", "attn_mask", "text.attn_mask",
    ]
    private static let positions = ["vision_model.embeddings.position_ids", "text_model.embeddings.position_ids"]

    private static func openCLIPPlaces(text: String) -> [String: NameTable.Place] {
        [
            "logit_scale": "logit_scale",
            "visual.class_embedding": "image/class_embedding",
            "visual.conv1.weight": .kernel("image/patch_embedding/weight"),
            "visual.positional_embedding": "image/position_embedding",
            "visual.ln_pre": "image/norm_pre",
            "visual.ln_post": "image/norm_post",
            "visual.proj": .transposed("image/projection/weight"),
        ].merging(openCLIPBlocks("visual.", "image")) { $1 }.merging(openCLIPText(text)) { $1 }
    }

    /// Of a text tower at that place in a model.
    static func openCLIPText(_ place: String) -> [String: NameTable.Place] {
        [
            place + "token_embedding.weight": "text/token_embedding",
            place + "positional_embedding": "text/position_embedding",
            place + "ln_final": "text/norm_final",
            place + "text_projection": .transposed("text/projection/weight"),
        ].merging(openCLIPBlocks(place, "text")) { $1 }
    }

    static func openCLIPBlocks(_ place: String, _ path: String) -> [String: NameTable.Place] {
        let block = place + "transformer.resblocks.#."
        let ours = path + "/blocks/#"
        return [
            block + "attn.in_proj_weight": thirds(ours + "/attention", "weight"),
            block + "attn.in_proj_bias": thirds(ours + "/attention", "bias"),
            block + "attn.out_proj": .init(stringLiteral: ours + "/attention/output"),
            block + "ln_1": .init(stringLiteral: ours + "/norm1"),
            block + "ln_2": .init(stringLiteral: ours + "/norm2"),
            block + "mlp.c_fc": .init(stringLiteral: ours + "/mlp/up"),
            block + "mlp.c_proj": .init(stringLiteral: ours + "/mlp/down"),
        ]
    }

    /// PyTorch's attention keeps queries, keys and values in one matrix.
    static func thirds(_ path: String, _ leaf: String) -> NameTable.Place {
        .stacked(["query", "key", "value"].map { "\(path)/\($0)/\(leaf)" })
    }

    private static let huggingFaceBlocks: [String: NameTable.Place] = {
        let modules = [
            ("self_attn.q_proj", "attention/query"), ("self_attn.k_proj", "attention/key"),
            ("self_attn.v_proj", "attention/value"), ("self_attn.out_proj", "attention/output"),
            ("layer_norm1", "norm1"), ("layer_norm2", "norm2"), ("mlp.fc1", "mlp/up"), ("mlp.fc2", "mlp/down"),
        ]
        var places: [String: NameTable.Place] = [:]
        for (tower, path) in [("vision_model", "image"), ("text_model", "text")] {
            for (module, ours) in modules {
                places["\(tower).encoder.layers.#.\(module)"] = .init(stringLiteral: "\(path)/blocks/#/\(ours)")
            }
        }
        return places
    }()
}
