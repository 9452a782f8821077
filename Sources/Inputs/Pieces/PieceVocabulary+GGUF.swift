public import Archive

extension PieceVocabulary {
    /// The SentencePiece vocabulary of a GGUF file (`tokenizer.ggml.*`). Throws `ArchiveError.unreadable` where its parts do
    /// not fit together.
    public init(_ file: GGUFFile) throws {
        let entries = GGUFVocabularyEntries(file)
        let pieces = try entries.tokens
        guard let scores = entries["scores"]?.numbers, scores.count == pieces.count, scores.allSatisfy(\.isFinite)
        else {
            throw file.unusable("tokenizer.ggml.scores", expected: "a finite score for each piece")
        }
        func id(_ name: String) throws -> Int32? { try entries.id(name, below: pieces.count) }
        try self.init(
            pieces: pieces, scores: scores, kinds: entries.kinds(of: pieces), start: id("bos"), end: id("eos"),
            unknown: id("unknown"), padding: id("padding"), addsStart: entries["add_bos_token"]?.boolean ?? true,
            addsEnd: entries["add_eos_token"]?.boolean ?? false, addsSpace: entries["add_space_prefix"]?.boolean ?? true
        )
    }
}
