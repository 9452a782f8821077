internal import Archive
public import Foundation

extension TokenizerFolder {
    /// The files that a tokenizer may consist of.
    private static let allNames =
        names + ["tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.json", "merges.txt"]

    /// The files of a folder that belong to its tokenizer, by name. Throws `ArchiveError`.
    public static func files(in folder: String) throws -> [String: Data] {
        let found = allNames.filter { FileManager.default.fileExists(atPath: folder + "/" + $0) }
        return Dictionary(uniqueKeysWithValues: try found.map { ($0, try JSONFile.bytes(folder + "/" + $0)) })
    }

    /// Copies a tokenizer; of one that was in the other folder nothing stays. Throws `ArchiveError`.
    /// - `cleaning`: what is done to texts before they reach it: a `tokenizer.json` is given steps for that.
    /// - `showsPadding`: whether transformers is told to pass ids only, so that a text tower reads the padding too.
    public static func copy(
        _ folder: String, to other: String, cleaning: TextCleaning? = nil, showsPadding: Bool = false
    ) throws {
        var files = try files(in: folder)
        if showsPadding {
            let name = "tokenizer_config.json"
            var settings: [String: JSONTree] = ["tokenizer_class": "PreTrainedTokenizerFast"]
            if files[name] != nil,
                case .object(let own) = try JSONFile.read(
                    JSONTree.self, folder + "/" + name, expected: "a \(name)")
            {
                settings = own
            }
            settings["model_input_names"] = ["input_ids"]
            files[name] = try JSONFile.bytes(of: JSONTree.object(settings))
        }
        if let cleaning, let json = files["tokenizer.json"] {
            let document = try JSONDocument(Array(json), path: folder + "/tokenizer.json", expected: "a tokenizer.json")
            files["tokenizer.json"] = document.replacing("normalizer") { own in
                let steps = cleaning.steps + (own == "null" ? [] : [own])
                return #"{"type":"Sequence","normalizers":["# + steps.joined(separator: ",") + "]}"
            }
        }
        for name in allNames {
            let path = other + "/" + name
            if let bytes = files[name] {
                try AtomicWrite.replace(path, with: bytes)
            } else if folder != other, FileManager.default.fileExists(atPath: path) {
                try FileManager.default.removeItem(atPath: path)
            }
        }
    }
}
