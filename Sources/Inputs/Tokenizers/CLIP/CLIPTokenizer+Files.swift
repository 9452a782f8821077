internal import Archive
internal import Foundation

extension CLIPTokenizer {
    /// The tokenizer that a Hugging Face folder brings, `tokenizer.json` or `merges.txt` as older ones do; nil where it is
    /// not CLIP's own. Throws `ArchiveError` where neither file is there, or one is damaged.
    public convenience init?(folder: String, contextLength: Int) throws {
        let path = folder + "/tokenizer.json"
        guard FileManager.default.fileExists(atPath: path) else {
            try self.init(
                mergesPath: folder + "/merges.txt", contextLength: contextLength, style: .huggingFaceAnyCase)
            return
        }
        let file = try TokenizerFile(path)
        guard file.isCLIPs, let merges = file.root["model"]?["merges"]?.elements else { return nil }
        let lines = try merges.map { try file.required(TokenizerFile.pair($0), "merge", of: "BPE") }
        let marks = try file.addedTokens()
        let normalises = marks.first { $0.piece.text.elementsEqual("<|endoftext|>".utf8) }?.isNormalised ?? false
        try self.init(
            merges: Data(lines.flatMap { $0.left + [0x20] + $0.right + [0x0a] }), path: path,
            contextLength: contextLength, style: normalises ? .huggingFaceAnyCase : .huggingFace)
        let id = try file.parts(lowercases: false).id
        for (name, wanted) in [("<|startoftext|>", startOfText), ("<|endoftext|>", endOfText), ("!", 0)] {
            guard id(Array(name.utf8)) == wanted else { return nil }
        }
    }

    /// The spelling of every id, as `vocab.json` lists them.
    public var vocabulary: [String] {
        let bytes = ByteSymbols.order.map { String(decoding: ByteSymbols.spellings[Int($0)], as: UTF8.self) }
        var spellings = bytes + bytes.map { $0 + "</w>" }
        for line in String(decoding: merges, as: UTF8.self).split(separator: "\n") {
            spellings.append(line.split(separator: " ").joined())
        }
        return spellings + ["<|startoftext|>", "<|endoftext|>"]
    }
}

extension TokenizerFile {
    /// Whether a tokenizer is put together as CLIP's: NFC, white space, lower case; words, bytes.
    fileprivate var isCLIPs: Bool {
        func types(_ steps: JSONNode?) -> [String] { steps?.elements?.compactMap { $0["type"]?.text } ?? [] }
        return root["model"]?["end_of_word_suffix"]?.text == "</w>"
            && types(root["normalizer"]?["normalizers"]) == ["NFC", "Replace", "Lowercase"]
            && types(root["pre_tokenizer"]?["pretokenizers"]) == ["Split", "ByteLevel"]
    }
}
