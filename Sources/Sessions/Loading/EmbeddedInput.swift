import Foundation
internal import Inputs
internal import Language

/// What `embed` is given: texts, or pictures.
enum EmbeddedInput {
    case texts([String])
    case dataset(PairsContent)
    case files([String])

    private static let pictureEndings = ["png", "jpg", "jpeg"]

    /// - Parameter of: `text` or `image`, nil where the statement does not say.
    init(_ arguments: Arguments, of: String?) throws {
        switch arguments["what"] {
        case .path(let path): self = try Self.input(path, arguments)
        case .list(let items) where !items.isEmpty: self = .texts(arguments.texts("what") ?? [])
        case .handle(let handle) where handle.kind == .texts:
            self = .texts(try arguments.content(of: handle, at: "what", as: TextsContent.self).texts)
        case .handle(let handle):
            let pairs: PairsContent = try arguments.content(of: handle, at: "what")
            self = of == "image" ? .dataset(pairs) : .texts(pairs.captions.map(\.text))
        default: throw arguments.diagnostic(.missingArgument, "there is nothing to embed", at: "what")
        }
        let isImage = if case .texts = self { false } else { true }
        guard let of, isImage != (of == "image") else { return }
        throw arguments.diagnostic(
            .contradiction, "these are \(isImage ? "pictures" : "texts")", at: "of",
            help: "leave of= out; it chooses what is taken of pairs")
    }

    /// A picture, a folder of pictures, a pattern that names pictures or files of lines, or one such file.
    private static func input(_ path: String, _ arguments: Arguments) throws -> EmbeddedInput {
        let isFolder = (try? FileManager.default.contentsOfDirectory(atPath: path)) != nil
        let files = isFolder ? pictures(below: path) : matches(path)
        guard let first = files.first else {
            throw arguments.diagnostic(
                .missingFile, isFolder ? "there is no PNG or JPEG file in \(path)" : "no file is called \(path)",
                at: "what")
        }
        if isPicture(first) { return .files(files) }
        return .texts(try files.flatMap(TextsLoader.lines))
    }

    private static func isPicture(_ path: String) -> Bool {
        pictureEndings.contains((path as NSString).pathExtension.lowercased())
    }

    private static func pictures(below folder: String) -> [String] {
        let names = (FileManager.default.enumerator(atPath: folder)?.allObjects ?? []).compactMap { $0 as? String }
        return names.filter(isPicture).sorted().map { folder + "/" + $0 }
    }

    /// The file of that name, or those that it matches as a pattern of the shell, sorted.
    static func matches(_ pattern: String) -> [String] {
        if FileManager.default.fileExists(atPath: pattern) { return [pattern] }
        var found = glob_t()
        defer { globfree(&found) }
        guard glob(pattern, 0, nil, &found) == 0 else { return [] }
        return (0..<Int(found.gl_pathc)).compactMap { found.gl_pathv[$0].map { String(cString: $0) } }
    }
}
