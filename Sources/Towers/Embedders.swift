internal import Archive
internal import Foundation

/// Loads an embedder of whatever kind lies there.
public enum Embedders {
    /// Beside a language model's file: how it is used.
    static let settingsFile = "embedder.json"

    /// A `.gguf` file, a folder that holds one, or a folder as sentence-transformers keeps it.
    ///
    /// - Parameter settings: of a language model; nil takes those of `embedder.json` beside it, or the usual ones.
    public static func load(name: String, path: String, settings: EmbedderSettings? = nil) throws -> any TextEmbedder {
        guard let file = try languageModel(path) else { return try SentenceEmbedder(name: name, folder: path) }
        return try LanguageModelEmbedder(
            name: name, gguf: file, settings: settings ?? storedSettings(beside: file) ?? EmbedderSettings())
    }

    private static func languageModel(_ path: String) throws -> String? {
        if path.hasSuffix(".gguf") { return path }
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).filter {
            $0.hasSuffix(".gguf")
        }
        guard names.count < 2 else {
            throw ArchiveError.unreadable(path, reason: "it holds \(names.count) GGUF files; name one of them")
        }
        return names.first.map { path + "/" + $0 }
    }

    private static func storedSettings(beside file: String) throws -> EmbedderSettings? {
        let path = (file as NSString).deletingLastPathComponent + "/" + settingsFile
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        do {
            return try JSONDecoder().decode(EmbedderSettings.self, from: data)
        } catch {
            throw ArchiveError.foreign(
                path, expected: "the settings of an embedder (pooling, attention, prompt, maximumLength)")
        }
    }
}
