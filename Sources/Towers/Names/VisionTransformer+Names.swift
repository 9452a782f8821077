extension VisionTransformer {
    /// The names of Hugging Face's `Dinov2Model` for a tower at `image`, as published files have them and as transformers 5
    /// names its modules; the token of masked training is left out.
    public static let huggingFaceDINOv2: NameTable = {
        func blocks(_ modules: [(String, String)]) -> [String: NameTable.Place] {
            Dictionary(
                modules.map { ("encoder.layer.#.\($0)", .init(stringLiteral: "image/blocks/#/\($1)")) },
                uniquingKeysWith: { $1 })
        }
        let places: [String: NameTable.Place] = [
            "embeddings.cls_token": .led(by: 2, "image/class_embedding"),
            "embeddings.position_embeddings": .led(by: 1, "image/position_embedding"),
            "embeddings.patch_embeddings.projection.weight": .kernel("image/patch_embedding/weight"),
            "embeddings.patch_embeddings.projection.bias": "image/patch_embedding/bias",
            "layernorm": "image/norm_post",
        ]
        return NameTable(
            places.merging(
                blocks([
                    ("norm1", "norm1"), ("norm2", "norm2"), ("mlp.fc1", "mlp/up"), ("mlp.fc2", "mlp/down"),
                    ("layer_scale1.lambda1", "scale1"), ("layer_scale2.lambda1", "scale2"),
                    ("attention.attention.query", "attention/query"), ("attention.attention.key", "attention/key"),
                    ("attention.attention.value", "attention/value"), ("attention.output.dense", "attention/output"),
                ])
            ) { $1 },
            aliases: blocks([
                ("attention.q_proj", "attention/query"), ("attention.k_proj", "attention/key"),
                ("attention.v_proj", "attention/value"), ("attention.o_proj", "attention/output"),
            ]), unused: ["embeddings.mask_token"], prefixes: ["dinov2."])
    }()

    /// The names of timm's vision transformers, which DINOv2's own files have too.
    public static let timm = NameTable(timm(""), unused: ["mask_token"])

    /// The names of timm's EVA-02.
    public static let timmEVA02 = NameTable(timmEVA02(""))

    /// The names of timm's plain vision transformer at that place in a model, with or without LayerScale and SigLIP's head.
    static func timm(_ place: String) -> [String: NameTable.Place] {
        timm(
            place,
            [
                ("mlp.fc1", "mlp/up"), ("ls1.gamma", "scale1"), ("ls2.gamma", "scale2"),
            ]
        ).merging([
            place + "blocks.#.attn.qkv.weight": CLIPModel.thirds("image/blocks/#/attention", "weight"),
            place + "blocks.#.attn.qkv.bias": CLIPModel.thirds("image/blocks/#/attention", "bias"),
            place + "attn_pool.latent": .led(by: 1, "image/pool/probe"),
            place + "attn_pool.q": "image/pool/attention/query",
            place + "attn_pool.kv.weight": .stacked(["key", "value"].map { "image/pool/attention/\($0)/weight" }),
            place + "attn_pool.kv.bias": .stacked(["key", "value"].map { "image/pool/attention/\($0)/bias" }),
            place + "attn_pool.proj": "image/pool/attention/output", place + "attn_pool.norm": "image/pool/norm",
            place + "attn_pool.mlp.fc1": "image/pool/mlp/up", place + "attn_pool.mlp.fc2": "image/pool/mlp/down",
        ]) { $1 }
    }

    /// The names of timm's EVA-02 at that place in a model.
    static func timmEVA02(_ place: String) -> [String: NameTable.Place] {
        timm(
            place,
            [
                ("attn.q_proj", "attention/query"), ("attn.k_proj", "attention/key"),
                ("attn.v_proj", "attention/value"), ("attn.norm", "attention/norm"), ("mlp.fc1_g", "mlp/gate"),
                ("mlp.fc1_x", "mlp/up"), ("mlp.norm", "mlp/norm"),
            ]
        ).merging([place + "head": "image/projection"]) { $1 }
    }

    /// The names of EVA-02 at that place in the files of those who made it.
    static func publishedEVA02(_ place: String) -> [String: NameTable.Place] {
        timm(
            place,
            [
                ("attn.q_proj", "attention/query"), ("attn.k_proj", "attention/key"),
                ("attn.v_proj", "attention/value"), ("attn.q_bias", "attention/query/bias"),
                ("attn.v_bias", "attention/value/bias"), ("attn.inner_attn_ln", "attention/norm"),
                ("mlp.w1", "mlp/gate"), ("mlp.w2", "mlp/up"), ("mlp.w3", "mlp/down"), ("mlp.ffn_ln", "mlp/norm"),
            ]
        ).merging([place + "head": "image/projection"]) { $1 }
    }

    /// What timm's transformers share, and modules of their blocks.
    private static func timm(_ place: String, _ modules: [(String, String)]) -> [String: NameTable.Place] {
        var places: [String: NameTable.Place] = [
            place + "cls_token": .led(by: 2, "image/class_embedding"),
            place + "pos_embed": .led(by: 1, "image/position_embedding"),
            place + "patch_embed.proj.weight": .kernel("image/patch_embedding/weight"),
            place + "patch_embed.proj.bias": "image/patch_embedding/bias",
            place + "norm": "image/norm_post",
        ]
        let shared = [
            ("norm1", "norm1"), ("norm2", "norm2"), ("attn.proj", "attention/output"), ("mlp.fc2", "mlp/down"),
        ]
        for (module, path) in shared + modules {
            places[place + "blocks.#." + module] = .init(stringLiteral: "image/blocks/#/" + path)
        }
        return places
    }
}
