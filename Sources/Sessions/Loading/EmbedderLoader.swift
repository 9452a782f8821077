internal import Archive
import Foundation
internal import Language
internal import ProCLIP
internal import Tensors
internal import Towers

/// `load embedder`: a language model, by its name in `Weights/models.json` or from its files.
struct EmbedderLoader: Loader {
    let kind = HandleKind.embedder
    let place =
        "a name in Weights/models.json, a folder of sentence-transformers or transformers, a GGUF file, org/name in the "
        + "Hugging Face cache, or embeddings of texts that were computed before (.h5, LLM2CLIP's NAME_text_embeddings.tar)"

    static let keys = [
        Key(
            "lora", .list(.text), default: .none("none"),
            "folders of LoRA adapters of PEFT that are merged, in their order", only: ["embedder"]),
        Key(
            "pooling", .choice(EmbedderSettings.Pooling.allCases.map(\.rawValue)),
            default: .none("as its files say, else mean"),
            "how the states of a text's tokens become one vector", only: ["embedder"]),
        Key(
            "attention", .choice(EmbedderSettings.Attention.allCases.map(\.rawValue)),
            default: .none("as its files say"),
            "what a token of a language model sees; bidirectional as in LLM2Vec", only: ["embedder"]),
        Key("prompt", .text, default: .none("as its files say"), "what stands before each text", only: ["embedder"]),
        Key(
            "prompt_name", .text, default: .none("as its files say"), "one of the prompts in the model's files",
            only: ["embedder"]),
        Key(
            "include_prompt", .boolean, default: .none("as its files say, else true"),
            "whether the tokens of the prompt are pooled", only: ["embedder"]),
        Key(
            "skip_first", .boolean, default: .none("as its files say, else false"),
            "whether the first token is left out of the pooling", only: ["embedder"]),
        Key(
            "max_tokens", .integer(2...1_000_000), default: .none("as its files say, else 512"),
            "most tokens of a text, prompt and marks included", only: ["embedder"]),
        Key(
            "dimensions", .integer(1...1_000_000), default: .none("all"),
            "the first values of each vector only, of models trained for that", only: ["embedder"]),
        Key(
            "precision", .choice(ProductPrecision.allCases.map(\.rawValue)),
            default: .none("float32 where the matrices are stored so, else int16"),
            "how matrices are multiplied; int16 rounds to 13 bits, and is faster", only: ["embedder"]),
    ]

    func readings(_ written: String, in context: CheckContext) throws -> [String] {
        let path = context.absolute(written)
        var found = FileManager.default.fileExists(atPath: path) ? [path] : []
        let registry = try? ModelRegistry(folders: context.places.weights)
        if let registry, registry.models[written] != nil {
            do {
                found.append(try registry.folder(of: written))
            } catch  where found.isEmpty && !context.expectsFiles {
                throw error
            } catch {
                return found
            }
        }
        return found + [context.places.huggingFace.snapshot(of: written)].compactMap { $0 }
    }

    func names(in context: CheckContext) -> [String] {
        let registry = try? ModelRegistry(folders: context.places.weights)
        let published = registry?.models.filter { $0.value.kind == kind.rawValue }.map(\.key) ?? []
        return published + context.places.huggingFace.names
    }

    func help(for written: String, in context: CheckContext) -> String? {
        context.places.huggingFace.advice(on: written)
    }

    func check(_ path: String, _ arguments: Arguments, in context: CheckContext) throws {
        if arguments.given.isSuperset(of: ["prompt", "prompt_name"]) {
            throw arguments.diagnostic(
                .contradiction, "prompt= is a prompt itself, prompt_name= one of the model's", at: "prompt_name",
                help: "give one of them")
        }
        for adapter in Self.adapters(arguments, in: context)
        where !context.expectsFiles && !FileManager.default.fileExists(atPath: adapter) {
            throw arguments.diagnostic(.missingFile, "there is no folder \(adapter)", at: "lora")
        }
    }

    /// Folders, or names in the Hugging Face cache.
    private static func adapters(_ arguments: Arguments, in context: CheckContext) -> [String] {
        (arguments.texts("lora") ?? []).map { written in
            let path = context.absolute(written)
            if FileManager.default.fileExists(atPath: path) { return path }
            return context.places.huggingFace.snapshot(of: written) ?? path
        }
    }

    private static func settings(_ arguments: Arguments) -> EmbedderSettings {
        var settings = EmbedderSettings()
        settings.pooling = arguments.text("pooling").flatMap(EmbedderSettings.Pooling.init)
        settings.attention = arguments.text("attention").flatMap(EmbedderSettings.Attention.init)
        (settings.prompt, settings.promptName) = (arguments.text("prompt"), arguments.text("prompt_name"))
        settings.includesPrompt = arguments.boolean("include_prompt")
        settings.skipsFirst = arguments.boolean("skip_first")
        settings.maximumLength = arguments.integer("max_tokens")
        settings.dimensions = arguments.integer("dimensions")
        settings.precision = arguments.text("precision").flatMap(ProductPrecision.init)
        return settings
    }

    func load(_ path: String, _ arguments: Arguments, in session: Session) throws -> any HandleContent {
        let written = arguments.text("where") ?? path
        let name = HuggingFaceCache.isName(written) ? written : (path as NSString).lastPathComponent
        let stored = StoredEmbedder.files(at: path)
        if !stored.isEmpty {
            if let key = Self.keys.map(\.name).first(where: arguments.given.contains) {
                throw arguments.diagnostic(
                    .contradiction, "\(name) holds vectors that were computed before, \(key) cannot change them",
                    at: key)
            }
            let embedder = try StoredEmbedder(name: name, files: stored)
            session.record?.note(input: path, hash: embedder.hash)
            return EmbedderContent(embedder: embedder)
        }
        let embedder = try Self.embedder(
            name, at: path, in: session, settings: Self.settings(arguments),
            adapters: Self.adapters(arguments, in: session.context))
        session.record?.note(input: path, hash: embedder.hash)
        return EmbedderContent(embedder: embedder)
    }

    /// An embedder; of a published one the list of published models may say how it is used.
    static func embedder(
        _ name: String, at path: String, in session: Session, settings: EmbedderSettings = EmbedderSettings(),
        adapters: [String] = []
    ) throws -> any TextEmbedder {
        let registry = try? ModelRegistry(folders: session.places.weights)
        let isPublished = (try? registry?.folder(of: name)) == path
        let published = isPublished ? try registry?.models[name].map { try EmbedderSettings($0) } : nil
        return try Embedders.load(
            name: name, path: path, settings: settings, published: published ?? EmbedderSettings(), adapters: adapters)
    }
}
