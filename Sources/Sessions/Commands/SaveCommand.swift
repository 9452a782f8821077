import Foundation
public import Language
internal import ProCLIP
internal import Rendering
internal import Tensors

/// `save M FILE`
public struct SaveCommand: Command {
    public let name = "save"
    public let summary = "write a model or embeddings to a file: of a model its parameters, not the embedder's"
    public let slots = [
        Slot("what", .handle([.model, .clip, .embeddings]), "the model or the embeddings"),
        Slot("file", .newPath, "the file to write: HDF5, for embeddings also .npy or .csv"),
    ]
    public let keys = [
        Key(
            "precision", .choice(["float32", "float16"]), default: .value(.word("float32")),
            "how a model's numbers are stored")
    ]
    public let examples = ["save proclip ./out/proclip.h5", "save e ./out/e.npy"]
    public let seeAlso = ["load", "embed"]
    public let writesFiles = true

    public func check(_ arguments: Arguments, in context: CheckContext) throws(Diagnostic) {
        guard arguments.handle("what")?.kind == .embeddings else { return }
        if let path = arguments.path("file"), Self.format(path) == nil {
            let endings = LabelledEmbeddings.Format.allCases.map { "." + $0.rawValue }
            throw arguments.diagnostic(
                .unknownChoice, "embeddings are written to files that end with \(endings.joined(separator: ", "))",
                at: "file")
        }
        if arguments.given.contains("precision") {
            throw arguments.diagnostic(.contradiction, "embeddings are float32", at: "precision")
        }
    }

    private static func format(_ path: String) -> LabelledEmbeddings.Format? {
        LabelledEmbeddings.Format(rawValue: URL(filePath: path).pathExtension.lowercased())
    }

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        guard let path = arguments.path("file"), let handle = arguments.handle("what") else { return Outcome() }
        let type: ElementType = arguments.text("precision") == "float16" ? .float16 : .float32
        let provenance = session.provenance(of: handle)
        if let embeddings = handle.content as? EmbeddingsContent, let format = Self.format(path) {
            try embeddings.embeddings.write(to: path, as: format)
        } else if let clip = handle.content as? ClipContent {
            try ModelFile.write(clip.model, to: path, as: type, provenance: provenance)
        } else {
            let content: ModelContent = try arguments.content("what")
            try ModelFile.write(
                content.model, embedder: .init(name: content.embedder.name, hash: content.embedder.hash), to: path,
                as: type, provenance: provenance)
        }
        return Outcome(.note("\(handle.name) is in \(path)", fields: ["path": .text(path)]))
    }
}
