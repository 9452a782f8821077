internal import Archive
internal import Foundation
internal import Layers

extension DecoderConfiguration {
    /// The kinds of language model, by `model_type`, that are computed here.
    enum Kind: String, CaseIterable {
        case llama, mistral, qwen2, qwen3, gemma, gemma2
        case gemma3 = "gemma3_text"
        /// The text tower: multimodal positions are plain ones where there is text only.
        case qwen2VL = "qwen2_vl_text"

        var isGemma: Bool { [.gemma, .gemma2, .gemma3].contains(self) }
        var isQwen: Bool { [.qwen2, .qwen3, .qwen2VL].contains(self) }
    }

    /// What a `config.json` says of its text model; entries that may be left out have transformers' defaults.
    /// Throws `ArchiveError.unreadable` where something is not computed here or makes no sense.
    init(_ kind: Kind, _ entries: ModelEntries) throws {
        let (width, heads) = (try entries.needed("hidden_size"), try entries.needed("num_attention_heads"))
        guard width > 0, heads > 0 else {
            throw entries.unusable("it describes \(heads) heads for a width of \(width)")
        }
        let positions = try entries.integer("max_position_embeddings") ?? 32_768
        let usualHead = kind.isGemma ? 256 : width / heads
        let gate: Activation? =
            kind == .gemma ? .tanhGELU : try entries.activation(kind.isGemma ? "hidden_activation" : "hidden_act")
        self.init(
            width: width, layers: try entries.needed("num_hidden_layers"), heads: heads,
            keyHeads: try entries.integer("num_key_value_heads") ?? (kind == .mistral ? 8 : heads),
            headWidth: try entries.integer("head_dim") ?? (kind == .qwen3 ? 128 : usualHead),
            mlpWidth: try entries.needed("intermediate_size"), vocabularySize: try entries.needed("vocab_size"),
            maximumLength: positions, epsilon: try entries.number("rms_norm_eps") ?? (kind == .qwen2VL ? 1e-5 : 1e-6),
            activation: gate ?? (kind.isGemma ? .tanhGELU : .silu),
            rotary: RotaryConfiguration(base: 10_000))
        let hasBias = try entries.boolean("attention_bias") ?? false
        hasProjectionBias = hasBias || kind == .qwen2 || kind == .qwen2VL
        hasOutputBias = hasBias && kind != .qwen2 && kind != .qwen2VL
        hasInnerBias = try entries.boolean("mlp_bias") ?? false
        hasHeadNorms = kind == .gemma3 || kind == .qwen3
        hasPostNorms = kind == .gemma2 || kind == .gemma3
        if kind.isGemma { embeddingScale = Float(width).squareRoot() }
        if hasPostNorms {
            attentionScale = 1 / (try entries.number("query_pre_attn_scalar") ?? 256).squareRoot()
            // Absent in Gemma 2 means 50.
            attentionCap = try entries.number("attn_logit_softcapping")
            if kind == .gemma2, !entries.has("attn_logit_softcapping") { attentionCap = 50 }
        }
        isCausal = try Self.isCausal(entries)
        try readWindow(kind, entries)
        try readRotary(kind, entries)
        if let fault { throw entries.unusable("it describes \(fault)") }
    }

    /// Models that were made to see the whole text say so by one of several entries, or by the name of their class.
    private static func isCausal(_ entries: ModelEntries) throws -> Bool {
        if try entries.boolean("use_bidirectional_attention") ?? false { return false }
        if let isCausal = try entries.boolean("is_causal") { return isCausal }
        let classes = try entries.texts("architectures") ?? []
        return !classes.contains { name in
            ["BiModel", "BiForMNTP", "EncoderModel", "Bidirectional"].contains { name.contains($0) }
        }
    }

    private mutating func readWindow(_ kind: Kind, _ entries: ModelEntries) throws {
        let all = 0..<max(0, min(layers, Self.mostLayers))
        let usual = entries.has("sliding_window") ? nil : 4096
        switch kind {
        case .llama, .gemma: return
        case .mistral:
            window = try entries.integer("sliding_window") ?? usual
            if window != nil { slidingLayers = Set(all) }
            return
        case .qwen2, .qwen3, .qwen2VL:
            guard try entries.boolean("use_sliding_window") ?? false else { return }
            window = try entries.integer("sliding_window") ?? usual
            let first = try entries.integer("max_window_layers") ?? (kind == .qwen2VL ? 80 : 28)
            if window != nil { slidingLayers = Set(all.filter { $0 >= first }) }
        case .gemma2, .gemma3:
            window = try entries.integer("sliding_window") ?? usual
            // Half of it on either side.
            if kind == .gemma3, try entries.boolean("use_bidirectional_attention") ?? false {
                window = window.map { $0 / 2 + 1 }
            }
            slide(exceptEvery: kind == .gemma2 ? 2 : try entries.integer("sliding_window_pattern") ?? 6)
        }
        guard let kinds = try entries.texts("layer_types") else { return }
        guard kinds.count == layers, kinds.allSatisfy({ ["sliding_attention", "full_attention"].contains($0) }) else {
            throw entries.unusable("its layer_types are not of \(layers) layers that slide or see everything")
        }
        slidingLayers = Set(kinds.indices.filter { kinds[$0] == "sliding_attention" && window != nil })
    }

    private mutating func readRotary(_ kind: Kind, _ entries: ModelEntries) throws {
        let parameters = try entries.section("rope_parameters")
        let everywhere = try parameters?.section("full_attention") ?? parameters
        let stretch = try entries.section("rope_scaling") ?? everywhere
        let usual: Float = kind == .gemma3 || kind == .qwen2VL ? 1_000_000 : 10_000
        rotary.base = try everywhere?.number("rope_theta") ?? entries.number("rope_theta") ?? usual
        if let stretch { rotary.stretch = try RotaryConfiguration.Stretch(stretch, positions: maximumLength) }
        guard kind == .gemma3 else { return }
        let sliding = try parameters?.section("sliding_attention")
        windowRotary = RotaryConfiguration(
            base: try sliding?.number("rope_theta") ?? entries.number("rope_local_base_freq") ?? 10_000)
        if let sliding {
            windowRotary?.stretch = try RotaryConfiguration.Stretch(sliding, positions: maximumLength)
        }
    }
}

extension RotaryConfiguration.Stretch {
    /// What `rope_scaling` or `rope_parameters` says. Throws `ArchiveError.unreadable` for a kind that is not computed.
    ///
    /// - `positions`: of the model, where the section does not say how many it had before.
    init(_ entries: ModelEntries, positions: Int) throws {
        let kind = try entries.text("rope_type") ?? entries.text("type") ?? "default"
        guard try entries.number("partial_rotary_factor") ?? 1 == 1 else {
            throw entries.unusable("it turns a part of each head only, which is not computed")
        }
        func factor() throws -> Float {
            guard let factor = try entries.number("factor") else {
                throw entries.unusable("its positions are stretched by \(kind) without a factor")
            }
            return factor
        }
        let original = try entries.integer("original_max_position_embeddings") ?? positions
        switch kind {
        case "default", "mrope": self = .none
        case "linear": self = .linear(try factor())
        case "llama3":
            self = .llama3(
                factor: try factor(), low: try entries.number("low_freq_factor") ?? 1,
                high: try entries.number("high_freq_factor") ?? 4, original: original)
        case "yarn":
            guard try entries.boolean("truncate") ?? true else {
                throw entries.unusable("its YaRN does not truncate, which is not computed")
            }
            self = .yarn(
                factor: try entries.number("factor") ?? Float(positions) / Float(max(1, original)),
                fast: try entries.number("beta_fast") ?? 32, slow: try entries.number("beta_slow") ?? 1,
                original: original, attention: try Self.yarnAttention(entries))
        default: throw entries.unusable("its positions are stretched by \(kind), which is not computed")
        }
    }

    /// YaRN's factor of cosines and sines, where it is not the paper's.
    private static func yarnAttention(_ entries: ModelEntries) throws -> Float? {
        if let factor = try entries.number("attention_factor") { return factor }
        guard let scale = try entries.number("mscale"), let divisor = try entries.number("mscale_all_dim"),
            scale != 0, divisor != 0, let factor = try entries.number("factor")
        else { return nil }
        func mean(_ scale: Float) -> Float { factor > 1 ? 0.1 * scale * log(factor) + 1 : 1 }
        return mean(scale) / mean(divisor)
    }
}
