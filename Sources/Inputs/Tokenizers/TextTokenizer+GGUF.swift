public import Archive
internal import Foundation

extension TextTokenizer {
    /// The tokenizer of a GGUF file (`tokenizer.ggml.*`): SentencePiece's pieces (`llama`) or byte-level ones (`gpt2`).
    /// Throws `ArchiveError.unreadable` where its parts do not fit together.
    public init(_ file: GGUFFile, maximumLength: Int) throws {
        let vocabulary = GGUFVocabulary(file)
        switch file.metadata["tokenizer.ggml.model"]?.text {
        case "llama": self.init(try vocabulary.scoredParts(), maximumLength: maximumLength)
        case "gpt2": self.init(try vocabulary.byteLevelParts(), maximumLength: maximumLength)
        case let other:
            throw ArchiveError.unreadable(
                file.path,
                reason:
                    "its vocabulary is of the kind \(other ?? "none"); SentencePiece's (llama) and byte-level ones (gpt2) "
                    + "are read")
        }
    }
}

/// The entries of a GGUF file's metadata that describe its vocabulary.
private struct GGUFVocabulary {
    private let file: GGUFFile

    init(_ file: GGUFFile) { self.file = file }

    private subscript(name: String) -> GGUFValue? { file.metadata["tokenizer.ggml." + name] }

    /// SentencePiece's byte-pair encoding with bytes for unknown characters, as Gemma, Llama 2 and Mistral have it. Spaces
    /// are written as U+2581; names of marks and user-defined pieces are found first.
    func scoredParts() throws -> TextTokenizer.Parts {
        let (pieces, kinds) = try pieces()
        guard let scores = self["scores"]?.numbers, scores.count == pieces.count, scores.allSatisfy(\.isFinite)
        else {
            throw file.unusable("tokenizer.ggml.scores", expected: "a finite score for each piece")
        }
        let table = PieceTable(pieces) { kinds[$0] == .normal || kinds[$0] == .userDefined }
        let bytes = PieceTable(pieces) { kinds[$0] == .byte }
        let spacing = TextNormaliser.replaced(TextPattern(literal: [0x20]), with: PieceKind.space)
        let addsSpace = self["add_space_prefix"]?.boolean ?? true
        let named = pieces.indices.filter { [.userDefined, .control, .unknown].contains(kinds[$0]) }
        var parts = TextTokenizer.Parts(
            normalisedWhole: try whole(named.map { (spacing(Array(pieces[$0])), $0) }),
            normaliser: addsSpace ? .sequence([.prepended([0x20]), spacing]) : spacing,
            model: ScoredPieceModel(
                table: table, scores: scores,
                writer: SymbolWriter(
                    unknown: try id("unknown", below: pieces.count), bytePieces: BytePieces(in: bytes))),
            vocabularySize: pieces.count)
        let (start, end) = try (id("bos", below: pieces.count), id("eos", below: pieces.count))
        if self["add_bos_token"]?.boolean ?? true { parts.before = [start].compactMap(\.self) }
        if self["add_eos_token"]?.boolean ?? false { parts.after = [end].compactMap(\.self) }
        parts.padding = try id("padding", below: pieces.count) ?? end ?? 0
        return parts
    }

    /// A byte-level vocabulary with its merges, as GPT-2, Llama 3 and Qwen have it.
    func byteLevelParts() throws -> TextTokenizer.Parts {
        let (pieces, kinds) = try pieces()
        guard let merges = self["merges"]?.texts else {
            throw file.unusable("tokenizer.ggml.merges", expected: "the merges")
        }
        let name = self["pre"]?.text ?? "gpt-2"
        guard let published = TextPattern.Published(rawValue: name), published != .words else {
            throw ArchiveError.unreadable(
                file.path, reason: "it divides texts as \(name) does; gpt-2, llama-bpe and qwen2 are known")
        }
        let table = PieceTable(pieces) { kinds[$0] == .normal }
        let ranked = try RankedMerges(merges.map { MergeLine.pair($0) }, of: table) { _ in
            ArchiveError.unreadable(file.path, reason: "one of its merges is not of two pieces")
        }
        var options = BytePairModel.Options()
        options.ignoresMerges = published == .llama3
        let named = pieces.indices.filter { [.control, .userDefined].contains(kinds[$0]) }
        var parts = TextTokenizer.Parts(
            whole: try whole(named.map { (Array(pieces[$0]), $0) }),
            normaliser: published == .qwen2 ? .composed : nil,
            division: .byteLevel(addsSpace: false, try TextPattern(published)),
            model: BytePairModel(table: table, merges: ranked, options: options), vocabularySize: pieces.count)
        let (start, end) = try (id("bos", below: pieces.count), id("eos", below: pieces.count))
        if self["add_bos_token"]?.boolean ?? (published == .llama3) { parts.before = [start].compactMap(\.self) }
        if self["add_eos_token"]?.boolean ?? false { parts.after = [end].compactMap(\.self) }
        parts.padding = try id("padding", below: pieces.count) ?? end ?? 0
        return parts
    }

    private func whole(_ pieces: [(text: [UInt8], id: Int)]) throws -> WholePieces {
        guard let whole = WholePieces(pieces.map { WholePieces.Piece(text: $0.text, id: Int32($0.id)) }) else {
            throw file.unusable("tokenizer.ggml.tokens", expected: "marks of bounded length")
        }
        return whole
    }

    /// The pieces, one at least, and what each is.
    private func pieces() throws -> (pieces: [Data], kinds: [PieceKind]) {
        guard let pieces = self["tokens"]?.texts, !pieces.isEmpty else {
            throw file.unusable("tokenizer.ggml.tokens", expected: "the pieces")
        }
        let kinds = self["token_type"]?.integers?.compactMap { PieceKind(rawValue: $0) } ?? []
        guard kinds.count == pieces.count else {
            throw file.unusable("tokenizer.ggml.token_type", expected: "a known kind for each piece")
        }
        return (pieces, kinds)
    }

    /// The number of a mark; nil where the file names none.
    private func id(_ name: String, below count: Int) throws -> Int32? {
        guard let id = self[name + "_token_id"]?.integer else { return nil }
        guard (0..<count).contains(id) else {
            throw file.unusable("tokenizer.ggml.\(name)_token_id", expected: "a number below \(count)")
        }
        return Int32(id)
    }
}
