extension Decoder {
    /// transformers' names of the language models; whatever surrounds the decoder (its head, a picture tower) is left out.
    static func huggingFace(_ kind: DecoderConfiguration.Kind) -> NameTable {
        func norm(_ path: String) -> NameTable.Place { kind.isGemma ? .lessOne(path) : .init(stringLiteral: path) }
        var places: [String: NameTable.Place] = [
            "embed_tokens": "embeddings/words", "norm.weight": norm("norm/weight"),
            "layers.#.input_layernorm.weight": norm("blocks/#/norm1/weight"),
            "layers.#.self_attn.q_norm.weight": norm("blocks/#/attention/query_norm/weight"),
            "layers.#.self_attn.k_norm.weight": norm("blocks/#/attention/key_norm/weight"),
            "layers.#.self_attn.q_proj": "blocks/#/attention/query",
            "layers.#.self_attn.k_proj": "blocks/#/attention/key",
            "layers.#.self_attn.v_proj": "blocks/#/attention/value",
            "layers.#.self_attn.o_proj": "blocks/#/attention/output",
            "layers.#.mlp.gate_proj": "blocks/#/mlp/gate", "layers.#.mlp.up_proj": "blocks/#/mlp/up",
            "layers.#.mlp.down_proj": "blocks/#/mlp/down",
        ]
        let between = "layers.#.post_attention_layernorm.weight"
        if kind == .gemma2 || kind == .gemma3 {
            places[between] = norm("blocks/#/post_norm1/weight")
            places["layers.#.pre_feedforward_layernorm.weight"] = norm("blocks/#/norm2/weight")
            places["layers.#.post_feedforward_layernorm.weight"] = norm("blocks/#/post_norm2/weight")
        } else {
            places[between] = norm("blocks/#/norm2/weight")
        }
        return NameTable(
            places,
            unused: [
                "lm_head", "visual", "vision_tower", "multi_modal_projector", "score", "rotary_emb",
                "layers.#.self_attn.rotary_emb",
            ],
            prefixes: ["base_model.model.", "model.", "language_model.", "embedding_model."])
    }
}
