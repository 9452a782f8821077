internal import Archive
internal import Autodiff
internal import Foundation
internal import Inputs
internal import Layers
public import Tensors

/// A sentence-transformers model on a BERT encoder: the mean of a text's states, L2-normalised.
///
/// Source: Reimers and Gurevych, 2019 (arXiv 1908.10084).
public final class SentenceEmbedder: TextEmbedder, @unchecked Sendable {
    // Everything is immutable after `init`, parameters included: nothing trains this model.
    public let name: String
    public let hash: String
    public let preprocessing: EmbedderPreprocessing
    public let dimension: Int
    private let encoder: BERT
    private let tokenizer: WordPieceTokenizer

    /// The most tokens of a batch, padding included: bounds memory.
    private static let tokensInBatch = 4096

    /// Loads a folder as sentence-transformers keeps it: `model.safetensors`, `config.json`, `vocab.txt`,
    /// `sentence_bert_config.json`, `1_Pooling/config.json`. Throws where a file is missing or asks for what is not
    /// computed here, and for a missing, extra or misshapen tensor.
    public init(name: String, folder: String) throws {
        let files = SentenceModelFiles(folder: folder)
        let configuration = try files.configuration()
        try files.requireMeanPooling()
        let limit = try files.maximumLength(atMost: configuration.maximumLength)
        let tokenizer = try WordPieceTokenizer(vocabulary: files.vocabulary, maximumLength: limit)
        guard tokenizer.vocabularySize == configuration.vocabularySize else {
            let reason =
                "it holds \(tokenizer.vocabularySize) pieces, config.json says \(configuration.vocabularySize)"
            throw ArchiveError.unreadable(files.vocabulary, reason: reason)
        }
        let source = ParameterSource(
            tensors: BERT.huggingFace.tensors(try SafetensorsFile(files.weights).tensors), .frozen)
        encoder = try BERT(configuration: configuration, scope: source.root)
        _ = try source.finish()
        self.name = name
        self.tokenizer = tokenizer
        hash = try SHA256Hash.of(file: files.weights)
        dimension = configuration.width
        let vocabularyHash = try SHA256Hash.of(file: files.vocabulary)
        preprocessing = EmbedderPreprocessing(
            tokens: "wordpiece \(vocabularyHash), at most \(limit) tokens", pooling: "mean", normalisation: "l2")
    }

    public func embed(_ texts: [String], _ done: ([Int], Tensor) throws -> Void) throws {
        let rows = texts.map { tokenizer.encode($0).ids }
        try forEachBatch(of: rows, tokensInBatch: Self.tokensInBatch) { numbers in
            let batch = tokenizer.batch(numbers.map { rows[$0] })
            try done(numbers, encoder(batch).meanPooled(lengths: batch.lengths).l2Normalized().value)  // [B, d]
        }
    }
}
