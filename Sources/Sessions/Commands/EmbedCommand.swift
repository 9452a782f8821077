import Language
internal import ProCLIP
internal import Rendering
internal import Tensors

/// `embed X with=M`
public struct EmbedCommand: Command {
    public let name = "embed"
    public let summary =
        "embed texts or pictures with a frozen model; an embedder's vectors come from the cache when they can"
    public let slots = [
        Slot(
            "what", .either([.handle([.pairs, .texts]), .existingPath, .list(.text)]),
            "pairs or texts, a list of strings, or a file of lines")
    ]
    public let keys = [
        Key("with", .handle([.embedder, .clip, .model]), default: .required, "the model"),
        Key("of", .choice(["text", "image"]), default: .value(.word("text")), "what is embedded of pairs"),
    ]
    public let examples = ["embed train with=llm", "embed [\"a red apple\", \"ein roter Apfel\"] with=llm as e"]
    public let seeAlso = ["load", "set"]

    public func resultKind(_ arguments: Arguments) -> HandleKind? { .embeddings }

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        guard let model = arguments.handle("with") else { return Outcome() }
        if arguments.text("of") == "image" { return try images(model, arguments, in: session) }
        let texts = try Self.texts(arguments)
        guard let embedder = (model.content as? EmbedderContent)?.embedder else {
            let vectors = try Judged(model, arguments, at: "with", in: session).texts(texts)
            return answer(EmbeddingsContent(vectors: vectors, origin: "\(texts.count) texts by \(model.name)"))
        }
        let embedding = try session.embed(texts, with: embedder)
        let origin = "\(texts.count) texts by \(embedder.name)"
        let content = EmbeddingsContent(vectors: embedding.vectors, origin: origin)
        let note = "\(origin): \(embedding.cached) from the cache, \(texts.count - embedding.cached) computed"
        var fields = content.fields
        fields["cached"] = .integer(embedding.cached)
        return Outcome(.note(note, fields: fields), content: content)
    }

    private func images(_ model: Handle, _ arguments: Arguments, in session: Session) throws -> Outcome {
        guard model.kind != .embedder else {
            throw arguments.diagnostic(.wrongKind, "\"\(model.name)\" embeds texts only", at: "with")
        }
        let pairs: PairsContent = try arguments.content("what")
        let vectors = try Features.images(of: pairs.data, by: Judged(model, arguments, at: "with", in: session).image)
        let origin = "\(pairs.data.pictureCount) pictures by \(model.name)"
        return answer(EmbeddingsContent(vectors: vectors, origin: origin))
    }

    private func answer(_ content: EmbeddingsContent) -> Outcome {
        Outcome(.note(content.summary, fields: content.fields), content: content)
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
