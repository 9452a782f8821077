internal import Archive
internal import Foundation

/// The tokenizer that a folder of a Hugging Face model brings: `tokenizer.json`, or the files from which one is made.
public struct TokenizerFolder {
    /// The file that holds the vocabulary.
    public let file: String
    private let configuration: JSONNode?

    /// The names that are looked for, in this order.
    static let names = [
        "tokenizer.json", "spiece.model", "tokenizer.model", "sentencepiece.bpe.model", "vocab.txt",
        "vocab.json",
    ]

    /// Throws `ArchiveError` where there is none, or where `tokenizer_config.json` is damaged.
    public init(_ path: String) throws {
        func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path + "/" + name) }
        guard let name = Self.names.first(where: has) else {
            throw ArchiveError.unreadable(
                path, reason: "it has no tokenizer; \(Self.names.joined(separator: ", ")) are looked for")
        }
        file = path + "/" + name
        let settings = "tokenizer_config.json"
        configuration =
            try has(settings) ? JSONDocument(path + "/" + settings, expected: "a \(settings)").root : nil
    }

    /// The most tokens of a text, marks included, where `tokenizer_config.json` states it.
    public var maximumLength: Int? {
        configuration?["model_max_length"]?.number.flatMap { (2...1_000_000).contains($0) ? Int(exactly: $0) : nil }
    }

    /// The tokenizer's class in transformers, such as `GemmaTokenizer`; empty where it is not stated.
    private var kind: String { configuration?["tokenizer_class"]?.text ?? "" }

    private func isKind(_ names: String...) -> Bool { names.contains(where: kind.hasPrefix) }

    /// - Parameters:
    ///   - maximumLength: the most tokens of a text, marks included.
    ///   - fillsLength: whether texts are filled up to it with padding, which counts as tokens then.
    ///   - lowercases: whether texts become small first, whatever the files say.
    ///   - cleaning: what is done to texts before all that.
    ///
    /// Throws `ArchiveError` for damaged files and for what is not computed here.
    public func tokenizer(
        maximumLength: Int, fillsLength: Bool = false, lowercases: Bool = false, cleaning: TextCleaning? = nil
    ) throws -> TextTokenizer {
        var parts = try parts(lowercases: lowercases)
        parts.cleaning = cleaning
        if let side = configuration?["padding_side"]?.text { parts.fillsStart = side == "left" }
        if let side = configuration?["truncation_side"]?.text { parts.cutsStart = side == "left" }
        let marks = parts.before.count + parts.after.count
        guard marks < maximumLength else {
            throw ArchiveError.unreadable(file, reason: "its \(marks) marks leave no room in \(maximumLength) tokens")
        }
        return TextTokenizer(parts, maximumLength: maximumLength, fillsLength: fillsLength)
    }

    private func parts(lowercases: Bool) throws -> TextTokenizer.Parts {
        if file.hasSuffix(".txt") {
            let isCased = configuration?["do_lower_case"]?.boolean == false
            return try .bert(vocabulary: file, lowercases: lowercases || !isCased)
        }
        if file.hasSuffix(".model") { return try sentencePiece(lowercases: lowercases) }
        let isOlder = file.hasSuffix("/vocab.json")
        let tokenizer =
            try isOlder
            ? ByteLevelFiles(vocabulary: file, configuration: configuration).tokenizerFile() : TokenizerFile(file)
        var (parts, id) = try tokenizer.parts(lowercases: lowercases)
        if let padding = try mark("pad_token", id) { parts.padding = padding }
        // These put the marks that the configuration asks for, whatever the other file says.
        if isKind("Llama", "CodeLlama", "Gemma", "Siglip2", "Cohere") {
            let (start, end) = (configuration?["add_bos_token"]?.boolean, configuration?["add_eos_token"]?.boolean)
            if start != nil || end != nil {
                parts.before = start ?? false ? [try mark("bos_token", id)].compactMap(\.self) : []
                parts.after = end ?? false ? [try mark("eos_token", id)].compactMap(\.self) : []
            }
        }
        return parts
    }

    private func sentencePiece(lowercases: Bool) throws -> TextTokenizer.Parts {
        guard !isKind("XLMRoberta", "Camembert", "MBart", "Bart", "Xglm", "NLLB", "Nllb") else {
            throw ArchiveError.unreadable(
                file, reason: "\(kind) numbers its pieces otherwise; give the folder its tokenizer.json")
        }
        let source = try SentencePieceFile(file)
        // transformers puts the unknown mark before a text and takes its pieces away again.
        var parts = try source.parts(behind: isKind("SiglipTokenizer") ? "<unk>" : "")
        let endsOnly = isKind("Siglip", "T5")
        if configuration?["add_bos_token"]?.boolean ?? !endsOnly {
            parts.before = try [source.start].compactMap(\.self)
        }
        if configuration?["add_eos_token"]?.boolean ?? endsOnly { parts.after = try [source.end].compactMap(\.self) }
        parts.padding = try mark("pad_token", source.id) ?? source.padding ?? source.end ?? 0
        if isKind("SiglipTokenizer") { try prepareAsSigLIP(&parts, source) }
        if lowercases || isKind("SiglipTokenizer"), configuration?["do_lower_case"]?.boolean != false {
            parts.normaliser = .sequence([.lowercaseInContext] + [parts.normaliser].compactMap(\.self))
            parts.laterNormaliser = parts.laterNormaliser.map { .sequence([.lowercaseInContext, $0]) }
        }
        return parts
    }

    /// Texts lose their punctuation; marks may stand in them literally, and what follows one is no new word.
    private func prepareAsSigLIP(_ parts: inout TextTokenizer.Parts, _ source: SentencePieceFile) throws {
        let steps = try Self.withoutPunctuation
        parts.normaliser = .sequence(steps + [try source.normaliser()])
        parts.laterNormaliser = .sequence(steps + [try source.normaliser(addsSpace: false)])
        parts.whole = WholePieces(
            ["<unk>", "</s>"].map { Array($0.utf8) }.compactMap { name in
                source.id(of: name).map { .init(text: name, id: $0, stripsLeft: true, stripsRight: true) }
            })
        parts.endsOnce = true
    }

    /// What SigLIP does to texts: no ASCII punctuation, single spaces, none around.
    private static var withoutPunctuation: [TextNormaliser] {
        get throws {
            [
                .replaced(try TextPattern(expression: #"[!-/:-@\[-`{-~]"#), with: []),
                .replaced(try TextPattern(expression: #"[\s\x1c-\x1f]+"#), with: [0x20]),
                .stripped(left: true, right: true),
            ]
        }
    }

    /// The id of a mark that the configuration names; nil where it names none.
    private func mark(_ name: String, _ id: ([UInt8]) -> Int32?) throws -> Int32? {
        guard let text = configuration?[name]?.bytes ?? configuration?[name]?["content"]?.bytes else { return nil }
        if let id = id(text) { return id }
        let shown = String(decoding: text.prefix(60), as: UTF8.self)
        throw ArchiveError.unreadable(file, reason: "it lacks \(shown), the \(name) of tokenizer_config.json")
    }
}
