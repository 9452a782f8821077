internal import Archive
internal import Foundation
internal import Inputs

/// The tokenizer that belongs to an embedder's files, and its description for those who compare embeddings.
struct EmbedderTokenizer {
    let tokenizer: any SubwordTokenizer
    let description: String

    /// Of a GGUF file. Throws `ArchiveError` where its vocabulary is of an unknown kind or has not one piece for each of
    /// `words` vectors.
    init(_ file: GGUFFile, maximumLength: Int, words: Int) throws {
        switch file.metadata["tokenizer.ggml.model"]?.text {
        case "llama": tokenizer = PieceTokenizer(try PieceVocabulary(file), maximumLength: maximumLength)
        case "gpt2":
            tokenizer = try BytePairTokenizer(
                try BytePairVocabulary(file), maximumLength: maximumLength, path: file.path)
        case let other:
            throw ArchiveError.unreadable(
                file.path,
                reason:
                    "its vocabulary is of the kind \(other ?? "none"); SentencePiece's (llama) and byte-level ones (gpt2) "
                    + "are read")
        }
        description = "pieces of the model"
        guard tokenizer.vocabularySize == words else {
            throw ArchiveError.unreadable(
                file.path, reason: "it has \(tokenizer.vocabularySize) pieces and vectors for \(words)")
        }
    }

    /// Of a folder. Throws `ArchiveError` where there is none that is read here, or where it does not fit `words` vectors.
    init(folder: String, maximumLength: Int, words: Int) throws {
        let vocabulary = folder + "/vocab.txt"
        tokenizer = try WordPieceTokenizer(vocabulary: vocabulary, maximumLength: maximumLength)
        description = "wordpiece \(try SHA256Hash.of(file: vocabulary))"
        guard tokenizer.vocabularySize == words else {
            throw ArchiveError.unreadable(
                vocabulary, reason: "it holds \(tokenizer.vocabularySize) pieces, config.json says \(words)")
        }
    }
}
