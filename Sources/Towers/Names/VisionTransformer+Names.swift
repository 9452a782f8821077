extension VisionTransformer {
    /// The names of Hugging Face's `Dinov2Model` for a tower at `image`; the token of masked training is left out.
    public static let huggingFaceDINOv2: NameTable = {
        var places: [String: NameTable.Place] = [
            "embeddings.cls_token": .led(by: 2, "image/class_embedding"),
            "embeddings.position_embeddings": .led(by: 1, "image/position_embedding"),
            "embeddings.patch_embeddings.projection.weight": .kernel("image/patch_embedding/weight"),
            "embeddings.patch_embeddings.projection.bias": "image/patch_embedding/bias",
            "layernorm": "image/norm_post",
        ]
        for (module, path) in [
            ("norm1", "norm1"), ("norm2", "norm2"), ("mlp.fc1", "mlp/up"), ("mlp.fc2", "mlp/down"),
            ("layer_scale1.lambda1", "scale1"), ("layer_scale2.lambda1", "scale2"),
            ("attention.q_proj", "attention/query"), ("attention.k_proj", "attention/key"),
            ("attention.v_proj", "attention/value"), ("attention.o_proj", "attention/output"),
        ] { places["encoder.layer.#.\(module)"] = .init(stringLiteral: "image/blocks/#/\(path)") }
        return NameTable(places, unused: ["embeddings.mask_token"], prefix: "dinov2.")
    }()

    /// The names of timm's EVA-02 towers inside open_clip's models.
    static let openCLIPEVA02: [String: NameTable.Place] = {
        var places: [String: NameTable.Place] = [
            "visual.trunk.cls_token": .led(by: 2, "image/class_embedding"),
            "visual.trunk.pos_embed": .led(by: 1, "image/position_embedding"),
            "visual.trunk.patch_embed.proj.weight": .kernel("image/patch_embedding/weight"),
            "visual.trunk.patch_embed.proj.bias": "image/patch_embedding/bias",
            "visual.trunk.norm": "image/norm_post", "visual.trunk.head": "image/projection",
        ]
        for (module, path) in [
            ("norm1", "norm1"), ("norm2", "norm2"), ("attn.q_proj", "attention/query"),
            ("attn.k_proj", "attention/key"), ("attn.v_proj", "attention/value"), ("attn.norm", "attention/norm"),
            ("attn.proj", "attention/output"), ("mlp.fc1_g", "mlp/gate"), ("mlp.fc1_x", "mlp/up"),
            ("mlp.norm", "mlp/norm"), ("mlp.fc2", "mlp/down"),
        ] { places["visual.trunk.blocks.#.\(module)"] = .init(stringLiteral: "image/blocks/#/\(path)") }
        return places
    }()
}
