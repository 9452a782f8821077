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
        tokenizer = try TextTokenizer(file, maximumLength: maximumLength)
        description = "pieces of the model"
        guard tokenizer.vocabularySize == words else {
            throw ArchiveError.unreadable(
                file.path, reason: "it has \(tokenizer.vocabularySize) pieces and vectors for \(words)")
        }
    }

    /// Of a folder. Throws `ArchiveError` where there is none that is read here, or where it does not fit `words` vectors:
    /// a `vocab.txt` has a piece for each, other files may leave the last ones out.
    init(folder: String, maximumLength: Int, words: Int) throws {
        let source = try TokenizerFolder(folder)
        tokenizer = try source.tokenizer(maximumLength: maximumLength)
        let isWordPiece = source.file.hasSuffix(".txt")
        description = "\(isWordPiece ? "wordpiece" : "tokenizer") \(try SHA256Hash.of(file: source.file))"
        let count = tokenizer.vocabularySize
        guard count == words || count < words && !isWordPiece else {
            throw ArchiveError.unreadable(source.file, reason: "it holds \(count) pieces, config.json says \(words)")
        }
    }
}
