public import Language
internal import Rendering

/// `load KIND WHERE`
public struct LoadCommand: Command {
    static let loaders: [any Loader] = [
        ClipLoader(), EmbedderLoader(), TowerLoader(), PairsLoader(), ImagesLoader(), TextsLoader(),
        LabelsLoader(), WeightsLoader(),
        EmbeddingsLoader(), RunLoader(),
    ]

    public let name = "load"
    public let otherNames = ["read", "open", "import"]
    public let summary = "load a model or data from a file or by name"
    public let slots = [
        Slot("kind", .choice(loaders.map(\.kind.rawValue)), "what it is"),
        Slot("where", .text, "a path, a name in the folders of weights, or org/name in the Hugging Face cache"),
    ]
    public let keys = PairsLoader.keys + ClipLoader.keys + WeightsLoader.keys + EmbedderLoader.keys
    public let examples = [
        "load clip pico-clip as teacher", "load embedder minilm as llm",
        "load clip pico-clip context=248 as long", "load embedder minilm prompt=\"query: \" as asking",
        "load pairs ./Weights/data/pictures.h5 split=train as train", "load pairs ./shards/{000..012}.tar as web",
        "load embeddings ./pictures/index.h5 as index",
        "load images ./pictures/*.png as photos", "load labels ./classes.txt as names", "load run ./runs/tiny as first",
    ]
    public let seeAlso = ["fetch", "prepare", "list", "save"]

    public func resultKind(_ arguments: Arguments) -> HandleKind? { loader(arguments)?.resultKind }

    public func check(_ arguments: Arguments, in context: CheckContext) throws(Diagnostic) {
        guard let loader = loader(arguments), let path = try path(arguments, loader, context) else { return }
        do {
            try loader.check(path, arguments, in: context)
        } catch {
            throw Diagnostic(error, in: arguments, at: "where", reading: path)
        }
    }

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        guard let loader = loader(arguments), let path = try path(arguments, loader, session.context) else {
            throw arguments.diagnostic(.missingFile, "\(arguments.text("where") ?? "it") is not there", at: "where")
        }
        do {
            let content = try loader.load(path, arguments, in: session)
            let note = ([content.summary] + content.notes).joined(separator: "\n")
            return Outcome(.note(note, fields: content.fields), content: content)
        } catch {
            throw Diagnostic(error, in: arguments, at: "where", reading: path)
        }
    }

    public func words(forSlot index: Int, after values: [String], in context: CheckContext) -> [String] {
        guard index == 1, let kind = values.first else { return [] }
        return Self.loaders.first { $0.kind.rawValue == kind }?.names(in: context).sorted() ?? []
    }

    private func loader(_ arguments: Arguments) -> (any Loader)? {
        Self.loaders.first { $0.kind.rawValue == arguments.text("kind") }
    }

    /// The one file or folder that WHERE means; nil while an earlier statement may still make it.
    private func path(
        _ arguments: Arguments, _ loader: any Loader, _ context: CheckContext
    ) throws(Diagnostic) -> String? {
        guard let written = arguments.text("where") else { return nil }
        let readings: [String]
        do { readings = try loader.readings(written, in: context) } catch {
            throw Diagnostic(error, in: arguments, at: "where")
        }
        if readings.count > 1 {
            throw arguments.diagnostic(
                .ambiguous, "\"\(written)\" can be \(readings.joined(separator: " or "))", at: "where",
                help: "write the path that you mean")
        }
        if let path = readings.first { return path }
        if context.expectsFiles { return nil }
        let isPath = written.contains("/")
        throw arguments.diagnostic(
            isPath ? .missingFile : .missingModel,
            isPath
                ? "there is no file \(context.absolute(written))"
                : "there is no \(loader.kind.rawValue) called \"\(written)\"",
            at: "where",
            suggestions: isPath
                ? context.nearestPaths(to: written) : Nearest.words(to: written, among: loader.names(in: context)),
            help: isPath
                ? loader.help(for: written, in: context) ?? "relative paths start at \(context.workingDirectory)"
                : "it can be \(loader.place)")
    }
}
