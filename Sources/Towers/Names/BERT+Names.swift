extension BERT {
    /// The names of Hugging Face's BERT; the pooler, which mean pooling does not use, is left out.
    static let huggingFace = NameTable(
        [
            "embeddings.word_embeddings.weight": "embeddings/words",
            "embeddings.position_embeddings.weight": "embeddings/positions",
            "embeddings.token_type_embeddings.weight": "embeddings/types",
            "embeddings.LayerNorm": "embeddings/norm",
            "encoder.layer.#.attention.self.query": "blocks/#/attention/query",
            "encoder.layer.#.attention.self.key": "blocks/#/attention/key",
            "encoder.layer.#.attention.self.value": "blocks/#/attention/value",
            "encoder.layer.#.attention.output.dense": "blocks/#/attention/output",
            "encoder.layer.#.attention.output.LayerNorm": "blocks/#/norm1",
            "encoder.layer.#.intermediate.dense": "blocks/#/mlp/up",
            "encoder.layer.#.output.dense": "blocks/#/mlp/down",
            "encoder.layer.#.output.LayerNorm": "blocks/#/norm2",
        ], unused: ["pooler", "embeddings.position_ids"], prefix: "bert.")
}
