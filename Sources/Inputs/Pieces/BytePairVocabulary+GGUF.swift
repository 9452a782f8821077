public import Archive
internal import Foundation

extension BytePairVocabulary {
    /// The byte-level vocabulary of a GGUF file (`tokenizer.ggml.*`). Throws `ArchiveError.unreadable` where its parts do
    /// not fit together.
    public init(_ file: GGUFFile) throws {
        let entries = GGUFVocabularyEntries(file)
        let tokens = try entries.tokens
        guard let merges = entries["merges"]?.texts else {
            throw file.unusable("tokenizer.ggml.merges", expected: "the merges")
        }
        let name = entries["pre"]?.text ?? "gpt-2"
        guard let division = Division(rawValue: name) else {
            throw ArchiveError.unreadable(
                file.path, reason: "it divides texts as \(name) does; gpt-2, llama-bpe and qwen2 are known")
        }
        let kinds = try entries.kinds(of: tokens)
        pieces = zip(tokens, kinds).map { $1 == .normal ? Self.bytes(of: $0) ?? Data() : Data() }
        whole = tokens.indices.filter { [.control, .userDefined].contains(kinds[$0]) }.map {
            (Array(tokens[$0]), Int32($0))
        }
        self.merges = try merges.map { text in
            let parts = text.split(separator: 0x20, omittingEmptySubsequences: false).compactMap {
                Self.bytes(of: Data($0))
            }
            guard parts.count == 2 else {
                throw ArchiveError.unreadable(
                    file.path, reason: "\"\(String(decoding: text, as: UTF8.self))\" is no merge")
            }
            return (parts[0], parts[1])
        }
        self.division = division
        let addsStart = entries["add_bos_token"]?.boolean ?? (division == .llama3)
        start = addsStart ? try entries.id("bos", below: tokens.count) : nil
        end = entries["add_eos_token"]?.boolean ?? false ? try entries.id("eos", below: tokens.count) : nil
        padding = try entries.id("padding", below: tokens.count) ?? entries.id("eos", below: tokens.count) ?? 0
    }
}
