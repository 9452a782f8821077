public import Tensors

/// A frozen model that turns each text into one vector: what ProCLIP calls G_T.
///
/// What it computes is fixed by `hash` and `preprocessing`; a cache of embeddings is keyed by both.
public protocol TextEmbedder: Sendable {
    var name: String { get }
    /// SHA-256 of the weights.
    var hash: String { get }
    /// How a text becomes a vector besides the weights: tokenizer, length limit, pooling, normalisation.
    var preprocessing: EmbedderPreprocessing { get }
    /// d, the length of a vector.
    var dimension: Int { get }
    /// The numbers of its network, frozen.
    var parameterCount: Int { get }
    /// Where they come from; none for an embedder without files.
    var files: [String] { get }

    /// How many of the texts exceed the model's limit and lose their end.
    func countOfCut(_ texts: [String]) -> Int

    /// Embeds texts in batches of the embedder's choice. `done` is called after each with the numbers of its texts and
    /// their vectors [B, d]; what it throws ends the work.
    func embed(_ texts: [String], _ done: (_ batch: [Int], _ vectors: Tensor) throws -> Void) throws
}

extension TextEmbedder {
    // An embedder without a limit, parameters and files.
    public func countOfCut(_ texts: [String]) -> Int { 0 }
    public var parameterCount: Int { 0 }
    public var files: [String] { [] }

    /// The vectors of the texts, in their order: [B, d]. `heed` is called after each batch; what it throws ends the work.
    public func embed(_ texts: [String], heed: () throws -> Void = {}) throws -> Tensor {
        let (result, d) = (Tensor(uninitialized: [texts.count, dimension]), dimension)
        try embed(texts) { batch, vectors in
            for (row, target) in batch.enumerated() {
                (result.data + target * d).update(from: vectors.data + row * d, count: d)
            }
            try heed()
        }
        return result
    }
}

/// How an embedder turns text into a vector, in words that files of embeddings carry along.
public struct EmbedderPreprocessing: Codable, Hashable, Sendable {
    /// Such as "wordpiece, SHA-256 of the vocabulary, at most 256 tokens".
    public let tokens: String
    /// Such as "mean".
    public let pooling: String
    /// Such as "l2" or "none".
    public let normalisation: String

    public init(tokens: String, pooling: String, normalisation: String) {
        self.tokens = tokens
        self.pooling = pooling
        self.normalisation = normalisation
    }
}
