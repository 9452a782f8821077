internal import Archive
import Foundation
internal import Language
internal import Towers

/// `load weights`: what `save` wrote of an aligned model; its embedder is sought by name and must be the same.
struct WeightsLoader: ModelFileLoader {
    let kind = HandleKind.weights
    let resultKind = HandleKind.model
    let place = "an HDF5 file that save wrote, or its name in the folders of weights"

    func check(_ path: String, _ arguments: Arguments) throws { try ModelFile.check(path, kind: "model") }

    func load(_ path: String, _ arguments: Arguments, in session: Session) throws -> any HandleContent {
        let (model, identity) = try ModelFile.aligned(path)
        try session.noteInput(path)
        let registry = try ModelRegistry(folders: session.places.weights)
        let embedder = try EmbedderLoader.embedder(
            identity.name, at: try registry.folder(of: identity.name), in: session)
        guard embedder.hash == identity.hash else {
            throw arguments.diagnostic(
                .contradiction, "\(path) belongs to another \(identity.name) than the one at hand", at: "where",
                help: "its weights have SHA-256 \(identity.hash.prefix(12))..., these \(embedder.hash.prefix(12))...")
        }
        return ModelContent(model: model, embedder: embedder, origin: (path as NSString).lastPathComponent)
    }
}
