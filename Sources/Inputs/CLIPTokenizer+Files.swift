internal import Archive
internal import Foundation

extension CLIPTokenizer {
    /// The tokenizer that a Hugging Face folder brings: `tokenizer.json`, or `merges.txt` as older ones do.
    /// Throws `ArchiveError` where neither is there, or where it is not CLIP's kind of byte-pair encoding.
    public convenience init(folder: String, contextLength: Int) throws {
        let whole = folder + "/tokenizer.json"
        guard FileManager.default.fileExists(atPath: whole) else {
            try self.init(
                mergesPath: folder + "/merges.txt", contextLength: contextLength, style: .huggingFaceAnyCase)
            return
        }
        let file = try JSONFile.read(TokenizerFile.self, whole, expected: "the tokenizer.json of a CLIP")
        guard file.model.type ?? "BPE" == "BPE", file.model.end_of_word_suffix == "</w>",
            file.normalizer?.isCLIPs ?? false
        else {
            throw ArchiveError.unreadable(whole, reason: "its tokenizer is not CLIP's; only that one is supported here")
        }
        let lines = file.model.merges.map { $0.line + "\n" }.joined()
        let marks = file.added_tokens ?? []
        let normalizes = marks.first { $0.content == "<|endoftext|>" }?.normalized ?? false
        try self.init(
            merges: Data(lines.utf8), path: whole, contextLength: contextLength,
            style: normalizes ? .huggingFaceAnyCase : .huggingFace)
        for (name, id) in [("<|startoftext|>", startOfText), ("<|endoftext|>", endOfText), ("!", 0)] {
            let found = file.model.vocab[name] ?? marks.first { $0.content == name }?.id
            guard found == id else {
                throw ArchiveError.unreadable(
                    whole, reason: "\(name) has the id \(found.map(String.init) ?? "none"), its merges make it \(id)")
            }
        }
    }

    /// The spelling of every id, as `vocab.json` lists them.
    public var vocabulary: [String] {
        let bytes = BytePairEncoder.byteSpellings
        var spellings = bytes + bytes.map { $0 + "</w>" }
        for line in String(decoding: merges, as: UTF8.self).split(separator: "\n") {
            spellings.append(line.split(separator: " ").joined())
        }
        return spellings + ["<|startoftext|>", "<|endoftext|>"]
    }
}

/// The parts of a `tokenizer.json` that byte-pair encoding needs.
private struct TokenizerFile: Decodable {
    let added_tokens: [Mark]?
    let normalizer: Step?
    let model: Model

    struct Mark: Decodable {
        let id: Int32
        let content: String
        let normalized: Bool?
    }

    struct Model: Decodable {
        let type: String?
        let vocab: [String: Int32]
        let merges: [Merge]
        let end_of_word_suffix: String?
    }

    /// `"left right"`, or `["left", "right"]` in newer files.
    struct Merge: Decodable {
        let line: String

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            line = try (try? value.decode(String.self)) ?? value.decode([String].self).joined(separator: " ")
        }
    }

    struct Step: Decodable {
        let type: String
        let normalizers: [Step]?

        /// NFC, white space, lower case.
        var isCLIPs: Bool { type == "Sequence" && normalizers?.map(\.type) == ["NFC", "Replace", "Lowercase"] }
    }
}
