public import Layers

/// What distinguishes the published language models whose decoders are computed here: one block serves them all.
public struct DecoderConfiguration: Equatable, Sendable {
    public var width: Int
    public var layers: Int
    public var heads: Int
    /// Heads of keys and values, a divisor of `heads`.
    public var keyHeads: Int
    /// E, even
    public var headWidth: Int
    public var mlpWidth: Int
    public var vocabularySize: Int
    /// Positions that the model was made for.
    public var maximumLength: Int
    public var epsilon: Float
    /// Of the gate: SwiGLU's silu, GeGLU's tanhGELU.
    public var activation: Activation
    /// Queries, keys and values have biases (Qwen 2).
    public var hasProjectionBias = false
    /// What attention found is mixed with a bias.
    public var hasOutputBias = false
    /// The inner layers have biases.
    public var hasInnerBias = false
    /// Each head of queries and keys is normalised (Gemma 3, Qwen 3).
    public var hasHeadNorms = false
    /// What attention and the inner layers add is normalised too (Gemma 2 and 3).
    public var hasPostNorms = false
    /// Of the tokens' vectors: √width in Gemma.
    public var embeddingScale: Float = 1
    /// Of the attention scores; nil gives E^-1/2.
    public var attentionScale: Float?
    /// Cap of the attention scores (Gemma 2).
    public var attentionCap: Float?
    /// A token sees those before it; otherwise the whole text, as LLM2Vec has it.
    public var isCausal = true
    /// Tokens that a sliding layer sees.
    public var window: Int?
    /// The layers that see `window` tokens only.
    public var slidingLayers: Set<Int> = []
    public var rotary: RotaryConfiguration
    /// Of sliding layers, where it differs.
    public var windowRotary: RotaryConfiguration?

    static let mostLayers = 1 << 12

    /// All layers slide but every `period`-th.
    mutating func slide(exceptEvery period: Int) {
        slidingLayers = Set((0..<max(0, min(layers, Self.mostLayers))).filter { ($0 + 1) % max(1, period) != 0 })
    }

    /// What makes no sense, in words; nil where all is well.
    var fault: String? {
        let sizes = [
            ("width", width), ("layers", layers), ("heads", heads), ("key heads", keyHeads), ("head width", headWidth),
            ("inner width", mlpWidth), ("vocabulary", vocabularySize), ("positions", maximumLength),
            ("window", window ?? 1),
        ]
        if let (name, size) = sizes.first(where: { !(1...1 << 24).contains($1) }) { return "a \(name) of \(size)" }
        if layers > Self.mostLayers { return "\(layers) layers" }
        if heads % keyHeads != 0 { return "\(heads) heads for \(keyHeads) heads of keys" }
        if headWidth % 2 != 0 || heads > 1 << 12 || headWidth > 1 << 12 { return "\(heads) heads of \(headWidth)" }
        if !(epsilon >= 0 && epsilon < 1) { return "an epsilon of \(epsilon)" }
        if attentionCap.map({ !($0 > 0) }) ?? false { return "a cap of 0" }
        if attentionScale.map({ !($0 > 0 && $0.isFinite) }) ?? false { return "a scale of scores that is not positive" }
        return [rotary, windowRotary].compactMap { $0?.fault(headWidth: headWidth) }.first
    }
}
