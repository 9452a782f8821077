internal import Language
internal import ProCLIP
internal import Rendering
internal import Tensors

/// `save M FILE`
public struct SaveCommand: Command {
    public let name = "save"
    public let summary = "write a model to an HDF5 file: its parameters and configuration, not the embedder's weights"
    public let slots = [
        Slot("model", .handle([.model, .clip]), "the model"), Slot("file", .newPath, "the file to write"),
    ]
    public let keys = [
        Key(
            "precision", .choice(["float32", "float16"]), default: .value(.word("float32")), "how numbers are stored")
    ]
    public let examples = ["save proclip ./out/proclip.h5"]
    public let seeAlso = ["load"]
    public let writesFiles = true

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        guard let path = arguments.path("file"), let handle = arguments.handle("model") else { return Outcome() }
        let type: ElementType = arguments.text("precision") == "float16" ? .float16 : .float32
        let provenance = session.provenance(of: handle)
        if let clip = handle.content as? ClipContent {
            try ModelFile.write(clip.model, to: path, as: type, provenance: provenance)
        } else {
            let content: ModelContent = try arguments.content("model")
            try ModelFile.write(
                content.model, embedder: .init(name: content.embedder.name, hash: content.embedder.hash), to: path,
                as: type, provenance: provenance)
        }
        return Outcome(.note("\(handle.name) is in \(path)", fields: ["path": .text(path)]))
    }
}
