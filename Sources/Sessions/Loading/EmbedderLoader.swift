internal import Archive
import Foundation
internal import Language
internal import Towers

/// `load embedder`: a sentence embedder or a language model, by its name in `Weights/models.json` or from its files.
struct EmbedderLoader: Loader {
    let kind = HandleKind.embedder
    let place = "a name in Weights/models.json, a folder of a sentence embedder, or a GGUF file of a language model"

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
        return found
    }

    func names(in context: CheckContext) -> [String] {
        let registry = try? ModelRegistry(folders: context.places.weights)
        return registry?.models.filter { $0.value.kind == kind.rawValue }.map(\.key) ?? []
    }

    func load(_ path: String, _ arguments: Arguments, in session: Session) throws -> any HandleContent {
        let name = (path as NSString).lastPathComponent
        let embedder = try Self.embedder(name, at: path, in: session)
        session.record?.note(input: path, hash: embedder.hash)
        return EmbedderContent(embedder: embedder)
    }

    /// An embedder; a published one as the list of published models says.
    static func embedder(_ name: String, at path: String, in session: Session) throws -> any TextEmbedder {
        let registry = try? ModelRegistry(folders: session.places.weights)
        let model = registry?.models[name]
        let isPublished = (try? registry?.folder(of: name)) == path
        return try Embedders.load(
            name: name, path: path, settings: isPublished ? model.map { try EmbedderSettings($0) } : nil)
    }
}
