internal import Archive

extension BERTConfiguration {
    /// The kinds of encoder, by `model_type`, that are computed here.
    enum Kind: String, CaseIterable {
        case bert, roberta, camembert, mpnet, distilbert
        case xlmRoberta = "xlm-roberta"
    }

    /// What a `config.json` says of its encoder. Throws `ArchiveError.unreadable` where something is not computed here or
    /// makes no sense.
    init(_ kind: Kind, _ entries: ModelEntries) throws {
        let isDistilled = kind == .distilbert
        func needed(_ key: String, _ distilled: String) throws -> Int {
            try entries.needed(isDistilled ? distilled : key)
        }
        let order = try entries.text("position_embedding_type") ?? "absolute"
        guard order == "absolute", !(try entries.boolean("sinusoidal_pos_embds") ?? false) else {
            throw entries.unusable("its positions are not those of a table, which is not computed")
        }
        self.init(
            width: try needed("hidden_size", "dim"), layers: try needed("num_hidden_layers", "n_layers"),
            heads: try needed("num_attention_heads", "n_heads"),
            mlpWidth: try needed("intermediate_size", "hidden_dim"),
            vocabularySize: try entries.needed("vocab_size"),
            positions: try entries.needed("max_position_embeddings"),
            typeCount: isDistilled || kind == .mpnet ? 0 : try entries.integer("type_vocab_size") ?? 2,
            epsilon: try entries.number("layer_norm_eps") ?? 1e-12,
            activation: try entries.activation(isDistilled ? "activation" : "hidden_act") ?? .gelu)
        if kind != .bert && !isDistilled {
            let padding = kind == .mpnet ? 1 : try entries.integer("pad_token_id") ?? 1
            guard (0..<max(1, positions - 2)).contains(padding) else {
                throw entries.unusable("it pads with \(padding) and has \(positions) positions")
            }
            firstPosition = padding + 1
        }
        if kind == .mpnet { distanceBuckets = try entries.integer("relative_attention_num_buckets") ?? 32 }
        if let fault { throw entries.unusable("it describes \(fault)") }
    }

    /// What makes no sense, in words; nil where all is well.
    private var fault: String? {
        let sizes = [
            ("width", width), ("layers", layers), ("heads", heads), ("inner width", mlpWidth),
            ("vocabulary", vocabularySize), ("positions", positions), ("kinds of token", max(1, typeCount)),
        ]
        if let (name, size) = sizes.first(where: { !(1...1 << 24).contains($1) }) { return "a \(name) of \(size)" }
        if width % heads != 0 { return "\(heads) heads for a width of \(width)" }
        if maximumLength < 2 { return "\(maximumLength) positions" }
        if !(epsilon >= 0 && epsilon < 1) { return "an epsilon of \(epsilon)" }
        if let buckets = distanceBuckets, !(4...1 << 12).contains(buckets) { return "\(buckets) buckets of distances" }
        return nil
    }
}
