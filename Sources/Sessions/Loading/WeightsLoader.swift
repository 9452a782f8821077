internal import Archive
import Foundation
internal import Language
internal import Tensors
internal import Towers

/// `load weights`: what `save` wrote of an aligned model, whose embedder is sought by name and must be the same; or an
/// adapter in LLM2CLIP's form, beside the tower and the embedder that it belongs to.
struct WeightsLoader: ModelFileLoader {
    let kind = HandleKind.weights
    let resultKind = HandleKind.model
    let place = "an HDF5 or safetensors file or a folder that save wrote, or its name in the folders of weights"

    static let keys = [
        Key(
            "tower", .handle([.clip]), default: .none("the file's own"),
            "the image tower of an adapter in LLM2CLIP's form (text_adaptor.*)", only: ["weights"]),
        Key(
            "embedder", .handle([.embedder]), default: .none("the one that the file names, by its name"),
            "the embedder that the file belongs to, loaded from wherever it is", only: ["weights"]),
    ]

    func check(_ path: String, _ arguments: Arguments, in context: CheckContext) throws {
        guard arguments.given.contains("tower") else { return try ModelFile.check(path, kind: "model") }
        guard arguments.given.contains("embedder") else {
            throw arguments.diagnostic(
                .missingArgument, "an adapter by itself needs both tower= and embedder=", at: "tower")
        }
        _ = try ForeignAdapter.read(path)
    }

    func load(_ path: String, _ arguments: Arguments, in session: Session) throws -> any HandleContent {
        let name = (path as NSString).lastPathComponent
        if arguments.given.contains("tower") { return try adapter(path, name, arguments, in: session) }
        let (model, identity) = try ModelFile.aligned(path, orientation: arguments.orientation)
        for file in ModelFile.weightFiles(path) { try session.noteInput(file) }
        let embedder = try embedder(identity.name, arguments, in: session)
        guard embedder.hash == identity.hash else {
            throw arguments.diagnostic(
                .contradiction, "\(path) belongs to another \(identity.name) than the one at hand", at: "where",
                help: "its weights have SHA-256 \(identity.hash.prefix(12))..., these \(embedder.hash.prefix(12))...")
        }
        return ModelContent(
            model: model, identity: ModelIdentity(model), embedder: embedder, origin: name,
            files: ModelFile.weightFiles(path),
            notes: [model.image.configuration.preprocessing(source: name).description])
    }

    /// The embedder that is given, or the published one of that name.
    private func embedder(
        _ name: String, _ arguments: Arguments, in session: Session
    ) throws -> any TextEmbedder {
        if arguments.given.contains("embedder") {
            return try arguments.content("embedder", as: EmbedderContent.self).embedder
        }
        let registry = try ModelRegistry(folders: session.places.weights)
        return try EmbedderLoader.embedder(name, at: try registry.folder(of: name), in: session)
    }

    /// An adapter alone, on the image tower and logit scale of a CLIP.
    private func adapter(
        _ path: String, _ name: String, _ arguments: Arguments, in session: Session
    ) throws -> any HandleContent {
        let tower: ClipContent = try arguments.content("tower")
        let embedder = try arguments.content("embedder", as: EmbedderContent.self).embedder
        if arguments.given.contains("upright") {
            throw arguments.diagnostic(
                .contradiction, "an adapter by itself has no pictures", at: "upright",
                help: "give upright= when you load the tower")
        }
        var (configuration, tensors) = try ForeignAdapter.read(path)
        try session.noteInput(path)
        guard configuration.inputs == embedder.dimension else {
            throw arguments.diagnostic(
                .contradiction,
                "the adapter takes vectors of \(configuration.inputs) values, \(embedder.name) gives "
                    + "\(embedder.dimension)", at: "embedder")
        }
        tensors.merge(try TowerStart(tower).tensors) { $1 }
        let model = try AlignedModel(
            image: tower.model.image.configuration, adapter: configuration, tensors: tensors)
        return ModelContent(
            model: model, identity: ModelIdentity(model), embedder: embedder, origin: "\(name) on \(tower.origin)")
    }
}
