internal import Archive
import Foundation
internal import Inputs
internal import Language
internal import ProCLIP

/// What `embed` is given: texts, or pictures.
enum EmbeddedInput {
    case texts([String], labels: [String])
    case dataset(PairsContent)
    case files([String])

    /// - `of`: `text` or `image`, nil where the statement does not say.
    init(_ arguments: Arguments, of: String?, in context: CheckContext) throws {
        switch arguments["what"] {
        case .path(let path): self = try Self.input([path], arguments)
        case .list(let items) where !items.isEmpty:
            let texts = arguments.texts("what") ?? []
            self =
                texts.allSatisfy(Self.isPath)
                ? try Self.input(texts.map(context.absolute), arguments) : .texts(texts, labels: texts)
        case .handle(let handle) where handle.kind == .texts:
            let texts = try arguments.content(of: handle, at: "what", as: TextsContent.self).texts
            self = .texts(texts, labels: texts)
        case .handle(let handle) where handle.kind == .images:
            self = .files(try arguments.content(of: handle, at: "what", as: ImagesContent.self).files)
        case .handle(let handle):
            let pairs: PairsContent = try arguments.content(of: handle, at: "what")
            let texts = pairs.captions.map(\.text)
            self = of == "image" ? .dataset(pairs) : .texts(texts, labels: texts)
        default: throw arguments.diagnostic(.missingArgument, "there is nothing to embed", at: "what")
        }
        let isImage = if case .texts = self { false } else { true }
        guard arguments.given.contains("of"), isImage != (of == "image") else { return }
        throw arguments.diagnostic(
            .contradiction, "these are \(isImage ? "pictures" : "texts")", at: "of",
            help: "leave of= out; it chooses what is taken of pairs")
    }

    /// Whether an element of a list is a path, as the language writes them.
    private static func isPath(_ text: String) -> Bool { ["./", "../", "/", "~/"].contains(where: text.hasPrefix) }

    /// Each a picture, a folder of pictures, a pattern that names pictures or files of lines, or one such file.
    private static func input(_ paths: [String], _ arguments: Arguments) throws -> EmbeddedInput {
        let files = try paths.flatMap { path in
            let files = ImagesLoader.files(named: path)
            if !files.isEmpty { return files }
            let isFolder = FileManager.default.fileExists(atPath: path)
            throw arguments.diagnostic(
                .missingFile, isFolder ? "there is no PNG, JPEG or WebP file in \(path)" : "no file is called \(path)",
                at: "what")
        }
        if files.contains(where: ImagesLoader.isPicture) { return .files(files) }
        if files.allSatisfy({ $0.lowercased().hasSuffix(".tar") }) {
            let shards = try files.map { try CaptionShard($0) }
            return .texts(shards.flatMap(\.texts), labels: shards.flatMap(\.names))
        }
        let lines = try files.flatMap(TextsLoader.lines)
        return .texts(lines, labels: lines)
    }
}
