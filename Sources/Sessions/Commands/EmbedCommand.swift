internal import Inputs
import Language
internal import ProCLIP
internal import Rendering
internal import Tensors

/// `embed X with=M`
public struct EmbedCommand: Command {
    public let name = "embed"
    public let otherNames = ["encode"]
    public let summary =
        "embed texts or pictures with a frozen model; an embedder's vectors come from the cache when they can"
    public let slots = [
        Slot(
            "what", .either([.handle([.pairs, .texts, .images]), .existingPaths, .list(.text)]),
            "pairs, texts or images, a list of strings or of paths, a file of lines, a picture, a folder or a pattern of pictures, "
                + "a webdataset shard (.tar) for its captions"
        )
    ]
    public let keys = [
        Key("with", .handle([.embedder, .clip, .model, .tower]), default: .required, "the model"),
        Key("of", .choice(["text", "image"]), default: .none("text"), "what is embedded of pairs"),
    ]
    public let examples = [
        "embed train with=llm", "embed [\"a red apple\", \"ein roter Apfel\"] with=llm as e",
        "embed ./pictures with=teacher as e", "embed ./pictures/*.png with=teacher as e",
    ]
    public let seeAlso = ["load", "save", "set"]

    public func resultKind(_ arguments: Arguments) -> HandleKind? { .embeddings }

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        guard let model = arguments.handle("with") else { return Outcome() }
        let input = try EmbeddedInput(arguments, of: arguments.text("of"), in: session.context)
        if case .texts(let texts, let labels) = input {
            return try embed(texts, labels, by: model, arguments, in: session)
        }
        guard model.kind != .embedder else {
            throw arguments.diagnostic(.wrongKind, "\"\(model.name)\" embeds texts only", at: "with")
        }
        let judged = try Judged(model, arguments, at: "with", in: session)
        guard let pictures = try PictureEmbeddings(of: input, by: judged, in: session.context) else { return Outcome() }
        return answer(
            pictures.embeddings, pictures.notes.isEmpty ? nil : pictures.notes.joined(separator: "\n"),
            fields: ["unreadable": .integer(pictures.unreadableCount)])
    }

    private func embed(
        _ texts: [String], _ labels: [String], by model: Handle, _ arguments: Arguments, in session: Session
    ) throws -> Outcome {
        guard let embedder = (model.content as? EmbedderContent)?.embedder else {
            let judged = try Judged(model, arguments, at: "with", in: session)
            let cut = judged.countOfCut(texts)
            return answer(
                LabelledEmbeddings(
                    vectors: try judged.texts(texts), labels: labels, role: .texts, model: model.name,
                    description: try judged.textDescription()),
                Session.cutSentence(cut), fields: ["cut": .integer(cut)])
        }
        let embedding = try session.embed(texts, with: embedder)
        let cut = embedder.countOfCut(texts)
        let counts = ["\(embedding.cached) from the cache, \(texts.count - embedding.cached) computed"]
        return answer(
            LabelledEmbeddings(
                vectors: embedding.vectors, labels: labels, role: .texts, model: embedder.name,
                description: EmbeddingsFile.attributes(of: embedder)),
            (counts + [Session.cutSentence(cut)].compactMap(\.self)).joined(separator: "; "),
            fields: ["cached": .integer(embedding.cached), "cut": .integer(cut)])
    }

    private func answer(_ embeddings: LabelledEmbeddings, _ note: String? = nil, fields: Fields = [:]) -> Outcome {
        let content = EmbeddingsContent(embeddings: embeddings)
        let all = fields.names.reduce(into: content.fields) { $0[$1] = fields[$1] }
        let sentence = [content.summary, note].compactMap { $0 }.joined(separator: "; ")
        return Outcome(.note(sentence, fields: all), content: content)
    }
}
