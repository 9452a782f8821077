internal import Archive
internal import Foundation

/// Loads an embedder of whatever kind lies there.
public enum Embedders {
    /// Beside a language model's file: how it is used.
    static let settingsFile = "embedder.json"

    /// A `.gguf` file, a folder that holds one, or a folder as transformers or sentence-transformers keep it.
    ///
    /// - `settings`: what is wanted otherwise than `embedder.json` beside the model, or its own files, say.
    /// - `published`: what a list says of a GGUF file, which does not say itself how it is used.
    /// - `adapters`: folders of LoRA adapters of PEFT that are merged, in their order.
    public static func load(
        name: String, path: String, settings: EmbedderSettings = EmbedderSettings(),
        published: EmbedderSettings = EmbedderSettings(), adapters: [String] = []
    ) throws -> any TextEmbedder {
        guard let file = try languageModel(path) else {
            return try LanguageModelEmbedder(
                name: name, folder: path, settings: settings.completed(by: try storedSettings(in: path)),
                adapters: adapters)
        }
        let stored = try storedSettings(in: (file as NSString).deletingLastPathComponent)
        return try LanguageModelEmbedder(
            name: name, gguf: file, settings: settings.completed(by: stored).completed(by: published),
            adapters: adapters)
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

    private static func storedSettings(in folder: String) throws -> EmbedderSettings {
        let path = folder + "/" + settingsFile
        guard FileManager.default.fileExists(atPath: path) else { return EmbedderSettings() }
        return try JSONFile.read(
            EmbedderSettings.self, path,
            expected: "the settings of an embedder (pooling, attention, prompt, maximumLength and so on)")
    }
}
