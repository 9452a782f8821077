internal import Archive
internal import Layers

/// The entries of a `config.json` of transformers, asked for by name. What is absent or null is nil; a wrong type throws.
struct ModelEntries {
    let path: String
    private let entries: JSONTree

    /// Throws `ArchiveError` for what is no JSON object.
    init(_ path: String) throws {
        let entries = try JSONFile.read(JSONTree.self, path, expected: "the config.json of a Hugging Face model")
        guard entries.object != nil else {
            throw ArchiveError.foreign(path, expected: "the config.json of a Hugging Face model")
        }
        self.init(path: path, entries: entries)
    }

    private init(path: String, entries: JSONTree) { (self.path, self.entries) = (path, entries) }

    private func value<Value>(_ key: String, _ kind: String, _ read: (JSONTree) -> Value?) throws -> Value? {
        guard let entry = entries[key], entry != .null else { return nil }
        guard let value = read(entry) else { throw unusable("its \(key) is no \(kind)") }
        return value
    }

    func integer(_ key: String) throws -> Int? { try value(key, "whole number", \.integer) }
    func number(_ key: String) throws -> Float? { try value(key, "number") { $0.number.map { Float($0) } } }
    func boolean(_ key: String) throws -> Bool? { try value(key, "truth value", \.boolean) }
    func text(_ key: String) throws -> String? { try value(key, "text", \.text) }
    func texts(_ key: String) throws -> [String]? {
        try value(key, "list of texts") { entry in
            entry.array.flatMap { items in
                let texts = items.compactMap(\.text)
                return texts.count == items.count ? texts : nil
            }
        }
    }
    func section(_ key: String) throws -> ModelEntries? {
        try value(key, "section") { $0.object == nil ? nil : ModelEntries(path: path, entries: $0) }
    }

    /// All entries, each of which has to be a text.
    func textsByName() throws -> [String: String] { try byName("text", \.text) }
    /// All entries, each of which has to be a number.
    func numbersByName() throws -> [String: Float] { try byName("number") { $0.number.map { Float($0) } } }

    private func byName<Value>(_ kind: String, _ read: (JSONTree) -> Value?) throws -> [String: Value] {
        try (entries.object ?? [:]).reduce(into: [:]) { result, entry in
            guard let value = read(entry.value) else { throw unusable("its \(entry.key) is no \(kind)") }
            result[entry.key] = value
        }
    }

    /// Whether the entry is there, be it null.
    func has(_ key: String) -> Bool { entries[key] != nil }

    func needed(_ key: String) throws -> Int {
        guard let value = try integer(key) else { throw unusable("it lacks \(key)") }
        return value
    }

    /// The activation that a key names, as transformers calls it.
    func activation(_ key: String) throws -> Activation? {
        guard let name = try text(key) else { return nil }
        guard let activation = Activation(huggingFace: name) else {
            throw unusable("its activation is \(name), which is not computed here")
        }
        return activation
    }

    func unusable(_ reason: String) -> ArchiveError { .unreadable(path, reason: reason) }
}
