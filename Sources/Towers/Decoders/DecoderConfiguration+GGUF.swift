internal import Archive
internal import Tensors

extension DecoderConfiguration {
    /// What a GGUF file's metadata say of its model. Throws `ArchiveError.unreadable` for an architecture that is not
    /// computed here, or where something is missing or makes no sense.
    init(_ file: GGUFFile) throws {
        let architecture = file.metadata["general.architecture"]?.text ?? "none"
        guard ["gemma2", "gemma3", "llama", "mistral3", "qwen2", "qwen3"].contains(architecture) else {
            throw ArchiveError.unreadable(
                file.path,
                reason:
                    "its architecture is \(architecture); gemma2, gemma3, llama, mistral3, qwen2 and qwen3 are computed here"
            )
        }
        func entry(_ key: String) -> GGUFValue? { file.metadata[architecture + "." + key] }
        func needed(_ key: String) throws -> Int {
            guard let value = entry(key)?.integer else {
                throw file.unusable(architecture + "." + key, expected: "a whole number")
            }
            return value
        }
        let (width, heads) = (try needed("embedding_length"), try needed("attention.head_count"))
        guard width > 0, heads > 0 else { throw file.unusable("a width and heads", expected: "above 0") }
        guard let words = file.tensors["token_embd.weight"], words.shape.rank == 2 else {
            throw ArchiveError.missingTensor("token_embd.weight", available: file.tensors.keys.sorted())
        }
        let isGemma = architecture.hasPrefix("gemma")
        self.init(
            width: width, layers: try needed("block_count"), heads: heads,
            keyHeads: entry("attention.head_count_kv")?.integer ?? heads,
            headWidth: entry("attention.key_length")?.integer ?? width / heads,
            mlpWidth: try needed("feed_forward_length"), vocabularySize: words.shape[0],
            maximumLength: try needed("context_length"),
            epsilon: Float(entry("attention.layer_norm_rms_epsilon")?.number ?? 1e-6),
            activation: isGemma ? .tanhGELU : .silu,
            rotary: RotaryConfiguration(base: Float(entry("rope.freq_base")?.number ?? 10_000)))
        if let value = entry("attention.value_length")?.integer, value != headWidth {
            throw ArchiveError.unreadable(file.path, reason: "its values are \(value) wide and its keys \(headWidth)")
        }
        hasProjectionBias = architecture == "qwen2"
        hasHeadNorms = ["gemma3", "qwen3"].contains(architecture)
        hasPostNorms = isGemma
        rotary.isInterleaved = ["llama", "mistral3"].contains(architecture)
        try readStretch(of: file, architecture)
        if isGemma {
            embeddingScale = Float(width).squareRoot()
            window = entry("attention.sliding_window")?.integer
            if window != nil { slide(exceptEvery: architecture == "gemma3" ? 6 : 2) }
            // The 27B models' heads are wider than their scores assume.
            if layers == (architecture == "gemma3" ? 62 : 46) { attentionScale = 1 / Float(width / heads).squareRoot() }
        }
        if architecture == "gemma3" {
            windowRotary = RotaryConfiguration(base: Float(entry("rope.freq_base_swa")?.number ?? 10_000))
        }
        if architecture == "gemma2" { attentionCap = (entry("attn_logit_softcapping")?.number).map { Float($0) } }
        if let fault { throw ArchiveError.unreadable(file.path, reason: "it describes \(fault)") }
    }

    private mutating func readStretch(of file: GGUFFile, _ architecture: String) throws {
        func entry(_ key: String) -> GGUFValue? { file.metadata[architecture + ".rope." + key] }
        if let divisors = file.tensors["rope_freqs.weight"] {
            rotary.stretch = .divisors(divisors.values)
            return
        }
        let factor = Float(entry("scaling.factor")?.number ?? 1)
        switch entry("scaling.type")?.text ?? (factor == 1 ? "none" : "linear") {
        case "none": break
        case "linear": rotary.stretch = .linear(factor)
        case "yarn":
            let original = entry("scaling.original_context_length")?.integer ?? maximumLength
            rotary.stretch = .yarn(factor: factor, fast: 32, slow: 1, original: original, attention: nil)
        case let other:
            throw ArchiveError.unreadable(
                file.path, reason: "its positions are stretched by \(other), which is not computed")
        }
    }
}

extension Decoder {
    /// Names in GGUF files. The head that predicts tokens is not needed; rotary factors belong to the configuration.
    static let gguf = NameTable(
        [
            "token_embd": "embeddings/words", "output_norm": "norm", "blk.#.attn_norm": "blocks/#/norm1",
            "blk.#.attn_q": "blocks/#/attention/query", "blk.#.attn_k": "blocks/#/attention/key",
            "blk.#.attn_v": "blocks/#/attention/value", "blk.#.attn_output": "blocks/#/attention/output",
            "blk.#.attn_q_norm": "blocks/#/attention/query_norm", "blk.#.attn_k_norm": "blocks/#/attention/key_norm",
            "blk.#.post_attention_norm": "blocks/#/post_norm1", "blk.#.ffn_norm": "blocks/#/norm2",
            "blk.#.ffn_gate": "blocks/#/mlp/gate", "blk.#.ffn_up": "blocks/#/mlp/up",
            "blk.#.ffn_down": "blocks/#/mlp/down", "blk.#.post_ffw_norm": "blocks/#/post_norm2",
        ], unused: ["output", "rope_freqs"])
}
