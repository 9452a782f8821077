internal import Archive
internal import Foundation

/// The entries of a GGUF file's metadata that describe its vocabulary.
struct GGUFVocabularyEntries {
    private let file: GGUFFile

    init(_ file: GGUFFile) { self.file = file }

    subscript(name: String) -> GGUFValue? { file.metadata["tokenizer.ggml." + name] }

    /// The pieces, one at least.
    var tokens: [Data] {
        get throws {
            guard let tokens = self["tokens"]?.texts, !tokens.isEmpty else {
                throw file.unusable("tokenizer.ggml.tokens", expected: "the pieces")
            }
            return tokens
        }
    }

    func kinds(of tokens: [Data]) throws -> [PieceVocabulary.Kind] {
        let kinds = self["token_type"]?.integers?.compactMap(PieceVocabulary.Kind.init) ?? []
        guard kinds.count == tokens.count else {
            throw file.unusable("tokenizer.ggml.token_type", expected: "a known kind for each piece")
        }
        return kinds
    }

    /// The number of a mark; nil where the file names none.
    func id(_ name: String, below count: Int) throws -> Int32? {
        guard let id = self[name + "_token_id"]?.integer else { return nil }
        guard (0..<count).contains(id) else {
            throw file.unusable("tokenizer.ggml.\(name)_token_id", expected: "a number below \(count)")
        }
        return Int32(id)
    }
}
