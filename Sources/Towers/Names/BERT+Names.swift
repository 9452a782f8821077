extension BERT {
    /// transformers' names; heads for other tasks are left out.
    static func huggingFace(_ kind: BERTConfiguration.Kind) -> NameTable {
        var places: [String: NameTable.Place] = [
            "embeddings.word_embeddings": "embeddings/words",
            "embeddings.position_embeddings.weight": "embeddings/positions",
            "embeddings.token_type_embeddings.weight": "embeddings/types",
            "embeddings.LayerNorm": "embeddings/norm",
            "encoder.relative_attention_bias.weight": "distances",
        ]
        for (theirs, ours) in modules(kind) { places[theirs] = .init(stringLiteral: "blocks/#/" + ours) }
        return NameTable(
            places,
            unused: [
                "pooler", "cls", "lm_head", "vocab_transform", "vocab_layer_norm", "vocab_projector",
                "embeddings.position_ids",
            ],
            prefixes: ["bert.", "roberta.", "mpnet.", "distilbert."])
    }

    private static func modules(_ kind: BERTConfiguration.Kind) -> [(String, String)] {
        switch kind {
        case .distilbert:
            return [
                ("attention.q_lin", "attention/query"), ("attention.k_lin", "attention/key"),
                ("attention.v_lin", "attention/value"), ("attention.out_lin", "attention/output"),
                ("sa_layer_norm", "norm1"), ("ffn.lin1", "mlp/up"), ("ffn.lin2", "mlp/down"),
                ("output_layer_norm", "norm2"),
            ].map { ("transformer.layer.#." + $0, $1) }
        default:
            let attention =
                kind == .mpnet
                ? [
                    ("attention.attn.q", "attention/query"), ("attention.attn.k", "attention/key"),
                    ("attention.attn.v", "attention/value"), ("attention.attn.o", "attention/output"),
                    ("attention.LayerNorm", "norm1"),
                ]
                : [
                    ("attention.self.query", "attention/query"), ("attention.self.key", "attention/key"),
                    ("attention.self.value", "attention/value"), ("attention.output.dense", "attention/output"),
                    ("attention.output.LayerNorm", "norm1"),
                ]
            let rest = [
                ("intermediate.dense", "mlp/up"), ("output.dense", "mlp/down"), ("output.LayerNorm", "norm2"),
            ]
            return (attention + rest).map { ("encoder.layer.#." + $0, $1) }
        }
    }
}
