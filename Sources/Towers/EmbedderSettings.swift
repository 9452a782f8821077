/// What a language model's files leave open about its use as an embedder; `Weights/models.json` or `embedder.json` beside
/// the file says it.
public struct EmbedderSettings: Codable, Equatable, Sendable {
    /// How the states of a text's tokens become one vector.
    public enum Pooling: String, Codable, Sendable {
        /// The mean of all, marks included.
        case mean
        /// The mean, the n-th token counting n times.
        case weightedMean = "weightedmean"
        case last = "lasttoken"
        case first = "cls"
    }

    public enum Attention: String, Codable, Sendable {
        case causal
        /// Every token sees the whole text (BehnamGhader et al., 2024, arXiv 2404.05961).
        case bidirectional
    }

    public var pooling = Pooling.mean
    public var attention = Attention.causal
    /// What stands before each text, such as an instruction.
    public var prompt = ""
    /// Whether the tokens of the prompt, and the mark before it, are pooled.
    public var includesPrompt = true
    /// The most tokens of a text, prompt and marks included.
    public var maximumLength = 512

    enum CodingKeys: String, CodingKey {
        case pooling, attention, prompt, maximumLength
        case includesPrompt = "include_prompt"
    }

    public init() {}

    /// Whatever is left out has its usual value.
    public init(from decoder: any Swift.Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        pooling = try values.decodeIfPresent(Pooling.self, forKey: .pooling) ?? pooling
        attention = try values.decodeIfPresent(Attention.self, forKey: .attention) ?? attention
        prompt = try values.decodeIfPresent(String.self, forKey: .prompt) ?? prompt
        includesPrompt = try values.decodeIfPresent(Bool.self, forKey: .includesPrompt) ?? includesPrompt
        maximumLength = try values.decodeIfPresent(Int.self, forKey: .maximumLength) ?? maximumLength
    }
}
