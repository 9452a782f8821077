public import Archive
internal import Foundation

extension PieceVocabulary {
    /// The vocabulary of a GGUF file (`tokenizer.ggml.*`). Throws `ArchiveError.unreadable` where there is none of this
    /// kind or its parts do not fit together.
    public init(_ file: GGUFFile) throws {
        func entry(_ name: String) -> GGUFValue? { file.metadata["tokenizer.ggml." + name] }
        guard entry("model")?.text == "llama" else {
            throw ArchiveError.unreadable(
                file.path,
                reason:
                    "its vocabulary is of the kind \(entry("model")?.text ?? "none"); SentencePiece's (\"llama\") is read"
            )
        }
        guard let pieces = entry("tokens")?.texts, !pieces.isEmpty else {
            throw file.unusable("tokenizer.ggml.tokens", expected: "the pieces")
        }
        guard let scores = entry("scores")?.numbers, scores.count == pieces.count, scores.allSatisfy(\.isFinite) else {
            throw file.unusable("tokenizer.ggml.scores", expected: "a finite score for each piece")
        }
        let kinds = entry("token_type")?.integers?.compactMap(Kind.init) ?? []
        guard kinds.count == pieces.count else {
            throw file.unusable("tokenizer.ggml.token_type", expected: "a known kind for each piece")
        }
        func id(_ name: String) throws -> Int32? {
            guard let id = entry(name + "_token_id")?.integer else { return nil }
            guard pieces.indices.contains(id) else {
                throw file.unusable("tokenizer.ggml.\(name)_token_id", expected: "a number below \(pieces.count)")
            }
            return Int32(id)
        }
        try self.init(
            pieces: pieces, scores: scores, kinds: kinds, start: id("bos"), end: id("eos"), unknown: id("unknown"),
            padding: id("padding"), addsStart: entry("add_bos_token")?.boolean ?? true,
            addsEnd: entry("add_eos_token")?.boolean ?? false, addsSpace: entry("add_space_prefix")?.boolean ?? true)
    }
}
