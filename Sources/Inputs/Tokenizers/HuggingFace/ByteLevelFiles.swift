internal import Archive
internal import Foundation

/// The older files of a byte-level tokenizer: `vocab.json`, `merges.txt`, and what `tokenizer_config.json` says.
///
/// Source: transformers' `GPT2Tokenizer`, `RobertaTokenizer` and `Qwen2Tokenizer`.
struct ByteLevelFiles {
    private enum Kind: String, CaseIterable {
        case gpt2 = "GPT2"
        case roberta = "Roberta"
        case qwen2 = "Qwen2"
    }

    private let path: String
    private let kind: Kind
    private let vocabulary: JSONNode
    private let merges: [String]
    private let configuration: JSONNode?

    /// Throws `ArchiveError` where a file is missing or damaged, or the tokenizer is of a kind that is not known here.
    init(vocabulary path: String, configuration: JSONNode?) throws {
        let name = configuration?["tokenizer_class"]?.text ?? ""
        guard let kind = Kind.allCases.first(where: { name.hasPrefix($0.rawValue) }) else {
            let known = Kind.allCases.map { $0.rawValue + "Tokenizer" }.joined(separator: ", ")
            throw ArchiveError.unreadable(
                path,
                reason:
                    "tokenizer_config.json names \(name.isEmpty ? "no tokenizer_class" : name) and with a vocab.json "
                    + "only \(known) are read; give the folder its tokenizer.json")
        }
        (self.path, self.kind, self.configuration) = (path, kind, configuration)
        vocabulary = try JSONDocument(path, expected: "a vocab.json").root
        let list = (path as NSString).deletingLastPathComponent + "/merges.txt"
        merges = try JSONFile.bytes(list).split(separator: 0x0a).map { line in
            String(decoding: line.last == 0x0d ? line.dropLast() : line, as: UTF8.self)
        }
    }

    /// The `tokenizer.json` that transformers makes of them. Throws `ArchiveError` where they do not fit together.
    func tokenizerFile() throws -> TokenizerFile {
        let addsSpace = configuration?["add_prefix_space"]?.boolean ?? false
        var bytes: JSONTree = ["type": "ByteLevel", "add_prefix_space": .boolean(addsSpace)]
        var parts: [String: JSONTree] = [:]
        if kind == .qwen2 {
            bytes = ["type": "ByteLevel", "add_prefix_space": .boolean(addsSpace), "use_regex": false]
            let split: JSONTree = [
                "type": "Split", "pattern": ["Regex": .text(TextPattern.Published.qwen2.expression)],
                "behavior": "Isolated", "invert": false,
            ]
            parts["normalizer"] = ["type": "NFC"]
            bytes = ["type": "Sequence", "pretokenizers": [split, bytes]]
        }
        parts["pre_tokenizer"] = bytes
        let tokens = try addedTokens()
        parts["added_tokens"] = .array(tokens)
        parts["post_processor"] = try postProcessor(tokens)
        // The vocabulary stays as it is written: some of its pieces Swift's strings would take for the same.
        let list = try JSONEncoder().encode(merges.map { JSONTree.text($0) })
        var text = Data(#"{"model": {"type": "BPE", "vocab": "#.utf8)
        text += vocabulary.document.written + Data(#", "merges": "#.utf8) + list + Data("}, ".utf8)
        text += try JSONEncoder().encode(JSONTree.object(parts)).dropFirst()
        return try TokenizerFile(JSONDocument(Array(text), path: path, expected: "a vocab.json"))
    }

    // MARK: Marks

    /// The marks of such a tokenizer where the configuration names no others.
    private var usualMarks: [String: String] {
        switch kind {
        case .gpt2, .qwen2: ["unk_token": "<|endoftext|>", "eos_token": "<|endoftext|>"]
        case .roberta:
            [
                "bos_token": "<s>", "eos_token": "</s>", "sep_token": "</s>", "cls_token": "<s>",
                "unk_token": "<unk>", "pad_token": "<pad>", "mask_token": "<mask>",
            ]
        }
    }

    private static let markNames = ["bos", "eos", "unk", "sep", "cls", "pad", "mask"].map { $0 + "_token" }

    private func mark(_ name: String) -> (text: String, flags: JSONNode?)? {
        let entry = configuration?[name]
        guard let text = entry?.text ?? entry?["content"]?.text ?? usualMarks[name] else { return nil }
        return (text, entry?["content"] == nil ? nil : entry)
    }

    /// Those that the configuration adds, and the marks that are pieces of the vocabulary.
    private func addedTokens() throws -> [JSONTree] {
        func token(_ text: String, _ id: Int, _ flags: JSONNode?) -> JSONTree {
            var entry: [String: JSONTree] = ["id": .number(Double(id)), "content": .text(text), "special": true]
            for name in ["single_word", "lstrip", "rstrip", "normalized"] {
                entry[name] = .boolean(flags?[name]?.boolean ?? false)
            }
            return .object(entry)
        }
        var tokens: [JSONTree] = []
        var known: Set<String> = []
        for key in configuration?["added_tokens_decoder"]?.entries.map(Array.init) ?? [] {
            guard let id = key.text.flatMap({ Int($0) }), let text = key.valueOfKey["content"]?.text else {
                throw ArchiveError.unreadable(
                    path, reason: "tokenizer_config.json adds a token without an id or a text")
            }
            tokens.append(token(text, id, key.valueOfKey))
            known.insert(text)
        }
        for (text, flags) in Self.markNames.compactMap(mark) where known.insert(text).inserted {
            if let id = vocabulary[text]?.integer { tokens.append(token(text, id, flags)) }
        }
        return tokens
    }

    private func postProcessor(_ tokens: [JSONTree]) throws -> JSONTree {
        func written(_ name: String) throws -> (text: JSONTree, id: JSONTree)? {
            guard let text = mark(name)?.text else { return nil }
            guard let id = tokens.first(where: { $0["content"]?.text == text })?["id"] else {
                throw ArchiveError.unreadable(path, reason: "it lacks \(text), the \(name) of its kind")
            }
            return (.text(text), id)
        }
        if kind == .roberta, let sep = try written("sep_token"), let cls = try written("cls_token") {
            return ["type": "RobertaProcessing", "sep": [sep.text, sep.id], "cls": [cls.text, cls.id]]
        }
        var (pieces, special): ([JSONTree], [String: JSONTree]) = ([["Sequence": ["id": "A"]]], [:])
        for (name, isFirst) in [("bos_token", true), ("eos_token", false)]
        where configuration?["add_\(name)"]?.boolean ?? false {
            guard let (text, id) = try written(name), let key = text.text else { continue }
            special[key] = ["ids": [id]]
            pieces.insert(["SpecialToken": ["id": text]], at: isFirst ? 0 : pieces.count)
        }
        return ["type": "TemplateProcessing", "single": .array(pieces), "special_tokens": .object(special)]
    }
}
