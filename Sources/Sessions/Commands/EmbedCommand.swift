import Language
internal import ProCLIP
internal import Rendering
internal import Tensors

/// `embed X with=M`
public struct EmbedCommand: Command {
    public let name = "embed"
    public let summary = "embed texts with a frozen model; what was embedded before comes from the cache"
    public let slots = [
        Slot(
            "what", .either([.handle([.pairs, .texts]), .existingPath, .list(.text)]),
            "pairs or texts, a list of strings, or a file of lines")
    ]
    public let keys = [Key("with", .handle([.embedder]), default: .required, "the embedder")]
    public let examples = ["embed train with=llm", "embed [\"a red apple\", \"ein roter Apfel\"] with=llm as e"]
    public let seeAlso = ["load", "set"]

    public func resultKind(_ arguments: Arguments) -> HandleKind? { .embeddings }

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        let embedder = try arguments.content("with", as: EmbedderContent.self).embedder
        let texts = try Self.texts(arguments)
        let embedding = try session.embed(texts, with: embedder)
        let origin = "\(texts.count) texts by \(embedder.name)"
        let content = EmbeddingsContent(vectors: embedding.vectors, origin: origin)
        let note = "\(origin): \(embedding.cached) from the cache, \(texts.count - embedding.cached) computed"
        var fields = content.fields
        fields["cached"] = .integer(embedding.cached)
        return Outcome(.note(note, fields: fields), content: content)
    }

    private static func texts(_ arguments: Arguments) throws -> [String] {
        switch arguments["what"] {
        case .path(let path): return try TextsLoader.lines(path)
        case .list(let items) where !items.isEmpty: return arguments.texts("what") ?? []
        case .handle(let handle) where handle.kind == .texts:
            return try arguments.content(of: handle, at: "what", as: TextsContent.self).texts
        case .handle(let handle):
            return try arguments.content(of: handle, at: "what", as: PairsContent.self).captions.map(\.text)
        default: throw arguments.diagnostic(.missingArgument, "there is nothing to embed", at: "what")
        }
    }
}
