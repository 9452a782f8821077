internal import Archive
internal import Inputs
import Foundation
public import Language
internal import ProCLIP
internal import Rendering
internal import Tensors

/// `save H WHERE`
public struct SaveCommand: Command {
    public let name = "save"
    public let otherNames = ["write", "export", "store"]
    public let summary = "write a model, embeddings or a result to files: of a model its parameters, not the embedder's"
    public let slots = [
        Slot(
            "what", .handle([.model, .clip, .tower, .embedder, .embeddings, .result]),
            "a model, embeddings, a result, or what align has trained in an embedder"),
        Slot(
            "where", .either([.newPath, .newFolder]),
            "the file to write, for embeddings .h5, .npy, .csv or .tar, for a result .html, .md, .csv, .json, or .jsonl as "
                + "CLIP_benchmark has it, a plot .svg or .png; a folder for format=hf and openclip, and for an embedder's LoRA matrices (PEFT's form)"
        ),
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
        "save proclip ./out/proclip.h5", "save e ./out/e.npy", "save r ./out/r.html",
        "save proclip ./out/proclip format=hf",
    ]
    public let seeAlso = ["load", "embed"]
    public let writesFiles = true

    public func check(_ arguments: Arguments, in context: CheckContext) throws(Diagnostic) {
        guard let path = arguments.path("where"), let format = SaveFormat(arguments) else { return }
        let content = arguments.handle("what")?.content
        switch arguments.handle("what")?.kind {
        case .embeddings:
            try check(arguments, path, LabelledEmbeddings.Format.allCases.map(\.rawValue), "embeddings", "are float32")
        case .result:
            try check(
                arguments, path, OutputFormat.fileFormats.map(\.rawValue) + [BenchmarkLines.ending] + Self.drawn,
                "results", "have no precision")
        case .embedder:
            if let content = content as? EmbedderContent { try checkAdaptation(arguments, content) }
        default:
            guard let (key, message, help) = contradiction(arguments, path, format) else { break }
            throw arguments.diagnostic(.contradiction, message, at: key, help: help)
        }
        // Known before the work whose result goes there.
        do {
            let isFolder = format.isFolder || arguments.handle("what")?.kind == .embedder
            try AtomicWrite.check(isFolder ? path + "/README.md" : path)
        } catch { throw Diagnostic(error, in: arguments, at: "where") }
    }

    private func checkAdaptation(_ arguments: Arguments, _ content: EmbedderContent) throws(Diagnostic) {
        if content.adaptation == nil {
            throw arguments.diagnostic(
                .contradiction, "\(content.embedder.name) is as it was loaded, so there is nothing to write",
                at: "what",
                help: "align makes matrices that can be saved")
        }
        if let key = ["format", "precision"].first(where: arguments.given.contains) {
            throw arguments.diagnostic(
                .contradiction, "what align has trained is written as PEFT has it", at: key, help: "leave it out")
        }
    }

    /// Things whose file's ending says how they are written.
    private func check(
        _ arguments: Arguments, _ path: String, _ endings: [String], _ things: String, _ precision: String
    ) throws(Diagnostic) {
        if !endings.contains(Self.ending(path)) {
            throw arguments.diagnostic(
                .unknownChoice,
                "\(things) are written to files that end with \(endings.map { "." + $0 }.joined(separator: ", "))",
                at: "where")
        }
        if arguments.given.contains("precision") {
            throw arguments.diagnostic(.contradiction, "\(things) \(precision)", at: "precision")
        }
        if arguments.given.contains("format") {
            throw arguments.diagnostic(.contradiction, "\(things) are written as the file's name ends", at: "format")
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

    private static let drawn = ["svg", "png"]

    /// A result as a file: a page or data, or its first chart or heat map drawn.
    private static func file(_ content: ResultContent, _ ending: String, _ arguments: Arguments) throws -> Data {
        let reply = content.reply
        if let format = OutputFormat(rawValue: ending) { return Data(format.document(reply).utf8) }
        if ending == BenchmarkLines.ending {
            let lines = BenchmarkLines(content.judged)
            guard !lines.records.isEmpty else {
                throw arguments.diagnostic(
                    .contradiction, "CLIP_benchmark has none of its numbers", at: "where",
                    help: "save what eval or compare has answered, or to .json")
            }
            return try lines.data()
        }
        guard let svg = reply.svg, let raster = reply.raster else {
            throw arguments.diagnostic(
                .contradiction, "there is nothing drawn in it", at: "where", help: "save what plot answers, or to .html"
            )
        }
        if ending == "svg" { return Data((svg + "\n").utf8) }
        let picture = Picture(width: raster.width, height: raster.height, channels: 3, samples: raster.samples)
        return Data(try picture.png())
    }

    private static func ending(_ path: String) -> String { URL(filePath: path).pathExtension.lowercased() }

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        guard let path = arguments.path("where"), let handle = arguments.handle("what"),
            let format = SaveFormat(arguments)
        else { return Outcome() }
        let type = ElementType(rawValue: arguments.text("precision") ?? "") ?? .float32
        let ending = Self.ending(path)
        if let content = handle.content as? EmbeddingsContent,
            let format = LabelledEmbeddings.Format(rawValue: ending)
        {
            try content.embeddings.write(to: path, as: format)
        } else if let content = handle.content as? ResultContent {
            try AtomicWrite.replace(path, with: try Self.file(content, ending, arguments))
        } else if let tower = handle.content as? TowerContent {
            try ModelExport(session: session, handle: handle).write(tower, as: format, type, to: path)
        } else if let adaptation = (handle.content as? EmbedderContent)?.adaptation {
            try adaptation.write(to: path)
        } else if let clip = handle.content as? ClipContent {
            try ModelExport(session: session, handle: handle).write(clip, as: format, type, to: path)
        } else {
            let content: ModelContent = try arguments.content("what")
            try ModelExport(session: session, handle: handle).write(content, as: format, type, to: path)
        }
        return Outcome(.note("\(handle.name) is in \(session.context.shown(path))", fields: ["path": .text(path)]))
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
