import Foundation
internal import Inputs
public import Language
internal import ProCLIP
internal import Rendering
internal import Tensors

/// `search QUERY in=E`
public struct SearchCommand: Command {
    public let name = "search"
    public let otherNames = ["find", "query"]
    public let summary = "rank embedded pictures by how well they fit a text, or by likeness to a picture"
    public let slots = [Slot("query", .anything, "what is sought: a text, or the path of a picture")]
    public let keys = [
        Key(
            "in", .either([.handle([.embeddings]), .existingPath]), default: .required,
            "what is searched: embeddings, or a file of them that save wrote (.h5)"),
        Key("with", .handle([.clip, .model, .tower]), default: .none("the one that made the embeddings"), "the model"),
        Key("top", .integer(1...10_000), default: .value(.number(10)), "how many are shown"),
    ]
    public let examples = [
        "search \"a red square\" in=p top=3 as r", "search ./pictures/pixel.png in=p with=teacher",
    ]
    public let seeAlso = ["embed", "classify", "save"]

    public func resultKind(_ arguments: Arguments) -> HandleKind? { .result }

    public func check(_ arguments: Arguments, in context: CheckContext) throws(Diagnostic) {
        switch arguments["query"] {
        case .value(.path(let path)):
            guard !context.expectsFiles, !FileManager.default.fileExists(atPath: context.absolute(path)) else { return }
            throw arguments.diagnostic(
                .missingFile, "there is no picture \(context.absolute(path))", at: "query",
                help: "put a text in quotation marks")
        case .value(.list), .value(.boolean):
            throw arguments.diagnostic(.wrongType, "a text or the path of a picture is needed here", at: "query")
        default: return
        }
    }

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        let embeddings = try searched(arguments, in: session)
        let model = try session.maker(of: embeddings, arguments)
        let (query, vector, caveat) = try query(arguments, by: model, in: session)
        let best = try Ranking.best(arguments.integer("top") ?? 10, of: vector, among: embeddings.vectors)[0]
        let found = best.map { (label: embeddings.labels[$0.candidate], score: Double($0.score)) }
        let thing = embeddings.role == .paths ? "picture" : "text"
        var fields: Fields = ["n": .integer(embeddings.labels.count)]
        for (rank, item) in found.enumerated() {
            fields["\(thing)@\(rank + 1)"] = .text(item.label)
            fields["score@\(rank + 1)"] = .number(item.score)
        }
        let table = Table(
            title: "\(query), among \(embeddings.labels.count) \(thing)s by \(model.name)",
            columns: ["rank", Column("score", style: .fixed(4)), Column(thing)],
            rows: found.enumerated().map { rank, item in
                [.integer(rank + 1), .number(item.score), .text(session.context.shown(item.label))]
            })
        let thumbnails = embeddings.role == .paths ? session.thumbnails(of: found) : []
        let note = caveat.map { [Reply.Block.note("\(query): \($0)")] } ?? []
        let reply = Reply(note + (thumbnails.isEmpty ? [] : [.pictures(thumbnails)]) + [.table(table)], fields: fields)
        return Outcome(reply, content: ResultContent(reply: reply, summary: "\(query): \(found.count) found"))
    }

    private func searched(_ arguments: Arguments, in session: Session) throws -> LabelledEmbeddings {
        guard let path = arguments.path("in") else {
            return try arguments.content("in", as: EmbeddingsContent.self).embeddings
        }
        do { return try EmbeddingsLoader().read(path, in: session) } catch {
            throw Diagnostic(error, in: arguments, at: "in", reading: path)
        }
    }

    /// What is sought, in words and as a vector [1, D], and what should be known about how its picture was read.
    private func query(
        _ arguments: Arguments, by model: Judged, in session: Session
    ) throws -> (words: String, vector: Tensor, caveat: String?) {
        if case .value(.path(let written)) = arguments["query"] {
            let path = session.context.absolute(written)
            let picture = try model.features.images(1, by: model.image) { _ in try Picture.read(path) }
            return (written, picture.vectors, picture.caveats.first?.caveat)
        }
        var text = arguments.handle("query")?.name ?? ""
        if case .value(let value) = arguments["query"] { text = value.interpolated }
        return ("\"\(text)\"", try model.texts([text]), nil)
    }
}
