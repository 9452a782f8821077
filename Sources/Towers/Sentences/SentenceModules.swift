internal import Archive
internal import Foundation
internal import Tensors

/// What the files of a sentence-transformers folder say about the way from a text to the states of its tokens, and from
/// those to a vector: `modules.json`, the modules' folders, `sentence_bert_config.json` and
/// `config_sentence_transformers.json`. A folder of transformers alone has none of them.
struct SentenceModules {
    /// What is done with the pooled vector.
    enum Step {
        case dense(DenseStep)
        case normalise
    }

    /// Where the network is.
    private(set) var transformer: String
    private(set) var settings = EmbedderSettings()
    /// By name.
    private(set) var prompts: [String: String] = [:]
    /// The most tokens of a text, where the files say.
    private(set) var maximumLength: Int?
    private(set) var lowercases = false
    private(set) var steps: [Step] = []
    /// Files of the steps' weights.
    private(set) var files: [String] = []

    private struct Module: Decodable {
        let path: String
        let type: String
    }

    /// Throws `ArchiveError` where a file is damaged or asks for what is not computed here.
    init(folder: String) throws {
        transformer = folder
        let list = folder + "/modules.json"
        if Self.isFile(list) {
            let modules = try JSONFile.read([Module].self, list, expected: "the modules.json of sentence-transformers")
            try read(modules, list, folder)
        } else {
            if Self.isFile(folder + "/1_Pooling/config.json") { try readPooling(folder + "/1_Pooling/config.json") }
            steps = [.normalise]
        }
        try readLimit(hasModules: Self.isFile(list))
        try readPrompts(folder + "/config_sentence_transformers.json")
    }

    private static func isFile(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    private mutating func read(_ modules: [Module], _ list: String, _ folder: String) throws {
        for (index, module) in modules.enumerated() {
            let name = module.type.split(separator: ".").last.map(String.init) ?? module.type
            guard !module.path.hasPrefix("/"), !module.path.split(separator: "/").contains("..") else {
                throw ArchiveError.unreadable(list, reason: "it leads to \(module.path), out of its own folder")
            }
            let place = module.path.isEmpty ? folder : folder + "/" + module.path
            switch (name, index) {
            case ("Transformer", 0): transformer = place
            case ("Pooling", 1): try readPooling(place + "/config.json")
            case ("Dense", 2...):
                let dense = try DenseStep(folder: place)
                steps.append(.dense(dense))
                files += dense.files
            case ("Normalize", 2...): steps.append(.normalise)
            case ("Dropout", 2...): break
            default:
                throw ArchiveError.unreadable(
                    list,
                    reason:
                        "its module \(index) is a \(module.type); a Transformer, a Pooling, then Dense, Normalize and "
                        + "Dropout are computed here")
            }
        }
        guard modules.count > 1 else {
            throw ArchiveError.unreadable(list, reason: "it lists \(modules.count) modules and no Pooling")
        }
    }

    private mutating func readPooling(_ path: String) throws {
        let entries = try ModelEntries(path)
        var names = try entries.text("pooling_mode").map { [$0] } ?? []
        if names.isEmpty {
            names = try Self.olderNames.filter { try entries.boolean("pooling_mode_" + $0.key) ?? false }.map(\.value)
        }
        guard names.count == 1, let pooling = names.first.flatMap(EmbedderSettings.Pooling.init) else {
            let found = names.isEmpty ? "none" : names.sorted().joined(separator: " and ")
            throw entries.unusable("its pooling is \(found); one of \(Self.poolings) is computed here")
        }
        settings.pooling = pooling
        settings.includesPrompt = try entries.boolean("include_prompt")
    }

    private static let olderNames = [
        "cls_token": "cls", "max_tokens": "max", "mean_tokens": "mean", "mean_sqrt_len_tokens": "mean_sqrt_len_tokens",
        "weightedmean_tokens": "weightedmean", "lasttoken": "lasttoken",
    ]
    private static var poolings: String {
        EmbedderSettings.Pooling.allCases.map(\.rawValue).joined(separator: ", ")
    }

    /// A tokenizer's own limit, where no other is given, may be that of no limit at all.
    private static let longest: Float = 8192

    private mutating func readLimit(hasModules: Bool) throws {
        let (own, tokenizer) = (transformer + "/sentence_bert_config.json", transformer + "/tokenizer_config.json")
        if Self.isFile(own) {
            let entries = try ModelEntries(own)
            maximumLength = try entries.integer("max_seq_length")
            lowercases = try entries.boolean("do_lower_case") ?? false
        }
        if maximumLength == nil, hasModules, Self.isFile(tokenizer) {
            let limit = try ModelEntries(tokenizer).number("model_max_length")
            maximumLength = limit.map { Int(max(2, min($0, Self.longest))) }
        }
    }

    private mutating func readPrompts(_ path: String) throws {
        guard Self.isFile(path) else { return }
        let entries = try ModelEntries(path)
        prompts = try entries.section("prompts")?.textsByName() ?? [:]
        settings.promptName = try entries.text("default_prompt_name")
    }
}
