internal import Archive
internal import Autodiff
internal import Foundation
internal import Inputs
internal import Layers
public import Tensors

/// A language model as an embedder: a text's states, pooled and L2-normalised.
public final class LanguageModelEmbedder: TextEmbedder, @unchecked Sendable {
    // Everything is immutable after `init`, parameters included: nothing trains this model.
    public let name: String
    public let hash: String
    public let preprocessing: EmbedderPreprocessing
    public let dimension: Int
    public let settings: EmbedderSettings
    private let decoder: Decoder
    private let tokenizer: any SubwordTokenizer
    /// Tokens that are not pooled.
    private let skipped: Int

    /// Half that of a small encoder: the inner layers are wide.
    private static let tokensInBatch = 2048

    /// Loads a GGUF file. Its matrices stay mapped and encoded. Throws where it is damaged, of an architecture that is not
    /// computed here, or does not fit the settings.
    public init(name: String, gguf path: String, settings: EmbedderSettings = EmbedderSettings()) throws {
        let file = try GGUFFile(path)
        var configuration = try DecoderConfiguration(file)
        configuration.isCausal = settings.attention == .causal
        guard (2...configuration.maximumLength).contains(settings.maximumLength) else {
            let reason = "it takes 2 to \(configuration.maximumLength) tokens, \(settings.maximumLength) are asked for"
            throw ArchiveError.unreadable(path, reason: reason)
        }
        tokenizer = try Self.tokenizer(of: file, maximumLength: settings.maximumLength)
        guard tokenizer.vocabularySize == configuration.vocabularySize else {
            let reason = "it has \(tokenizer.vocabularySize) pieces and vectors for \(configuration.vocabularySize)"
            throw ArchiveError.unreadable(path, reason: reason)
        }
        let source = ParameterSource(tensors: Decoder.gguf.tensors(file.tensors), .frozen)
        decoder = try Decoder(configuration, scope: source.root)
        _ = try source.finish()
        skipped = settings.includesPrompt ? 0 : tokenizer.encode(settings.prompt).ids.count
        dimension = configuration.width
        hash = try SHA256Hash.of(file: path)
        self.name = name
        self.settings = settings
        let prompt = settings.prompt.isEmpty ? "no prompt" : "prompt \"\(settings.prompt)\""
        let pooled = settings.includesPrompt ? "" : " without the prompt"
        preprocessing = EmbedderPreprocessing(
            tokens: "pieces of the model, \(prompt), at most \(settings.maximumLength) tokens, "
                + "\(settings.attention.rawValue) attention",
            pooling: settings.pooling.rawValue + pooled, normalisation: "l2")
    }

    private static func tokenizer(of file: GGUFFile, maximumLength: Int) throws -> any SubwordTokenizer {
        switch file.metadata["tokenizer.ggml.model"]?.text {
        case "llama": return PieceTokenizer(try PieceVocabulary(file), maximumLength: maximumLength)
        case "gpt2":
            return try BytePairTokenizer(
                try BytePairVocabulary(file), maximumLength: maximumLength, path: file.path)
        case let other:
            throw ArchiveError.unreadable(
                file.path,
                reason:
                    "its vocabulary is of the kind \(other ?? "none"); SentencePiece's (llama) and byte-level ones (gpt2) "
                    + "are read")
        }
    }

    public func embed(_ texts: [String], _ done: ([Int], Tensor) throws -> Void) throws {
        let rows = texts.map { text in
            let ids = tokenizer.encode(settings.prompt + text).ids
            // An empty text of a vocabulary without a mark for the start.
            return ids.isEmpty ? [tokenizer.padding] : ids
        }
        try forEachBatch(of: rows, tokensInBatch: Self.tokensInBatch) { numbers in
            let batch = tokenizer.batch(numbers.map { rows[$0] })
            let pooled = settings.pooling(decoder(batch).value, lengths: batch.lengths, skipped: skipped)
            try done(numbers, Variable(pooled).l2Normalized().value)
        }
    }
}
