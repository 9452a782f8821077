public import Tensors

/// How an embedder is used where its files leave it open or the one who loads it wants it otherwise; nil takes what the
/// files say. `embedder.json` beside a model and `Weights/models.json` hold these too.
public struct EmbedderSettings: Codable, Equatable, Sendable {
    /// How the states of a text's tokens become one vector; the names are those of sentence-transformers.
    public enum Pooling: String, Codable, CaseIterable, Sendable {
        /// The mean of all, marks included.
        case mean
        /// Their sum over the root of their number.
        case meanRootLength = "mean_sqrt_len_tokens"
        /// The mean, the n-th token counting n times.
        case weightedMean = "weightedmean"
        /// The largest value of each component.
        case max
        case last = "lasttoken"
        case first = "cls"
    }

    public enum Attention: String, Codable, CaseIterable, Sendable {
        case causal
        /// Every token sees the whole text (BehnamGhader et al., 2024, arXiv 2404.05961).
        case bidirectional
    }

    public var pooling: Pooling?
    public var attention: Attention?
    /// What stands before each text, such as an instruction.
    public var prompt: String?
    /// One of the prompts that the model's files name.
    public var promptName: String?
    /// Whether the tokens of the prompt, and the mark before it, are pooled.
    public var includesPrompt: Bool?
    /// Whether the first token, mostly a mark, is left out of the pooling.
    public var skipsFirst: Bool?
    /// The most tokens of a text, prompt and marks included.
    public var maximumLength: Int?
    /// The first components of the vector only, of models that were trained so (Kusupati et al., 2022, arXiv 2205.13147).
    public var dimensions: Int?
    /// How matrices are multiplied; by default in 16-bit integers where they are not stored in float32.
    public var precision: ProductPrecision?

    enum CodingKeys: String, CodingKey {
        case pooling, attention, prompt, maximumLength, dimensions, precision
        case promptName = "prompt_name"
        case includesPrompt = "include_prompt"
        case skipsFirst = "skip_first"
    }

    public init() {}

    /// These settings, and what they leave open from `other`.
    public func completed(by other: EmbedderSettings) -> EmbedderSettings {
        var result = self
        result.pooling = pooling ?? other.pooling
        result.attention = attention ?? other.attention
        // A prompt, written or named, replaces another.
        if prompt == nil, promptName == nil { (result.prompt, result.promptName) = (other.prompt, other.promptName) }
        result.includesPrompt = includesPrompt ?? other.includesPrompt
        result.skipsFirst = skipsFirst ?? other.skipsFirst
        result.maximumLength = maximumLength ?? other.maximumLength
        result.dimensions = dimensions ?? other.dimensions
        result.precision = precision ?? other.precision
        return result
    }
}
