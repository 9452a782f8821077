internal import Archive
import Foundation
public import Language
internal import ProCLIP
internal import Rendering
internal import Tensors

/// `save H WHERE`
public struct SaveCommand: Command {
    public let name = "save"
    public let summary = "write a model or embeddings to files: of a model its parameters, not the embedder's"
    public let slots = [
        Slot("what", .handle([.model, .clip, .tower, .embeddings]), "the model or the embeddings"),
        Slot(
            "where", .either([.newPath, .newFolder]),
            "the file to write, for embeddings .h5, .npy or .csv; a folder for format=hf and openclip"),
    ]
    public let keys = [
        Key(
            "format", .choice(SaveFormat.allCases.map(\.rawValue)), default: .value(.word("hdf5")),
            "of a model: hdf5 or safetensors, which load reads; hf, openclip: a folder for transformers or open_clip"),
        Key(
            "precision", .choice(["float32", "float16", "bfloat16"]), default: .value(.word("float32")),
            "how a model's numbers are stored"),
    ]
    public let examples = [
        "save proclip ./out/proclip.h5", "save e ./out/e.npy", "save proclip ./out/proclip format=hf",
    ]
    public let seeAlso = ["load", "embed"]
    public let writesFiles = true

    public func check(_ arguments: Arguments, in context: CheckContext) throws(Diagnostic) {
        guard let path = arguments.path("where"), let format = SaveFormat(arguments) else { return }
        if arguments.handle("what")?.kind == .embeddings {
            try checkEmbeddings(arguments, path)
        } else if let (key, message, help) = contradiction(arguments, path, format) {
            throw arguments.diagnostic(.contradiction, message, at: key, help: help)
        }
        // Known before the work whose result goes there.
        do {
            try AtomicWrite.check(format.isFolder ? path + "/README.md" : path)
        } catch { throw Diagnostic(error, in: arguments, at: "where") }
    }

    private func checkEmbeddings(_ arguments: Arguments, _ path: String) throws(Diagnostic) {
        if Self.format(path) == nil {
            let endings = LabelledEmbeddings.Format.allCases.map { "." + $0.rawValue }
            throw arguments.diagnostic(
                .unknownChoice, "embeddings are written to files that end with \(endings.joined(separator: ", "))",
                at: "where")
        }
        if arguments.given.contains("precision") {
            throw arguments.diagnostic(.contradiction, "embeddings are float32", at: "precision")
        }
        if arguments.given.contains("format") {
            throw arguments.diagnostic(.contradiction, "embeddings are written as the file's name ends", at: "format")
        }
    }

    /// What does not go together for a model: the key to blame, the message and the way out.
    private func contradiction(
        _ arguments: Arguments, _ path: String, _ format: SaveFormat
    ) -> (key: String, message: String, help: String)? {
        if format == .openCLIP, arguments.handle("what")?.kind != .clip {
            let isTower = arguments.handle("what")?.kind == .tower
            return (
                "format",
                isTower
                    ? "open_clip has no image tower without texts"
                    : "open_clip has no model with an adapter for another embedder",
                "format=hf writes the image tower for transformers, and the adapter beside it"
            )
        }
        if format == .hdf5, arguments.text("precision") == "bfloat16" {
            return ("precision", "HDF5 has no bfloat16", "give format=safetensors or format=hf")
        }
        if !format.isFolder, (format == .safetensors) != path.hasSuffix(".safetensors") {
            return (
                "where", "the name and format=\(format.rawValue) contradict each other",
                "safetensors files end in .safetensors"
            )
        }
        return nil
    }

    private static func format(_ path: String) -> LabelledEmbeddings.Format? {
        LabelledEmbeddings.Format(rawValue: URL(filePath: path).pathExtension.lowercased())
    }

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        guard let path = arguments.path("where"), let handle = arguments.handle("what"),
            let format = SaveFormat(arguments)
        else { return Outcome() }
        let type = ElementType(rawValue: arguments.text("precision") ?? "") ?? .float32
        if let embeddings = handle.content as? EmbeddingsContent, let format = Self.format(path) {
            try embeddings.embeddings.write(to: path, as: format)
        } else if let tower = handle.content as? TowerContent {
            try ModelExport(session: session, handle: handle).write(tower, as: format, type, to: path)
        } else if let clip = handle.content as? ClipContent {
            try ModelExport(session: session, handle: handle).write(clip, as: format, type, to: path)
        } else {
            let content: ModelContent = try arguments.content("what")
            try ModelExport(session: session, handle: handle).write(content, as: format, type, to: path)
        }
        return Outcome(.note("\(handle.name) is in \(path)", fields: ["path": .text(path)]))
    }
}

/// What `save` can write of a model.
enum SaveFormat: String, CaseIterable {
    case hdf5
    case huggingFace = "hf"
    case openCLIP = "openclip"
    case safetensors

    init?(_ arguments: Arguments) { self.init(rawValue: arguments.text("format") ?? "") }

    var isFolder: Bool { self == .huggingFace || self == .openCLIP }
}
