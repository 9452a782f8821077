internal import Archive
import Foundation
public import Language
internal import ProCLIP
internal import Rendering

/// `distill E to=T data=D`
public struct DistillCommand: Command {
    public let name = "distill"
    public let summary = "stage 1: teach an adapter to place an embedder's vectors where a CLIP places the same texts"
    public let slots = [Slot("embedder", .handle([.embedder]), "the frozen embedder")]
    public let keys =
        [
            Key("to", .handle([.clip]), default: .required, "the teacher"),
            Key("data", .handle([.pairs]), default: .required, "pairs, of which only the texts are used"),
            Key(
                "texts", .list(.either([.handle([.pairs, .texts]), .choice(["classes"])])),
                default: .none("the captions of data"),
                "what the pool of texts is made of; classes are the class names of data"),
            LearningKeys.logitScale,
        ] + LearningKeys.keys(for: .distill)
    public let examples = [
        "distill llm to=teacher data=train preset=pico as s1",
        "distill llm to=teacher data=train texts=[train, classes] preset=pico as s1",
    ]
    public let seeAlso = ["tune", "compare"]

    public func resultKind(_ arguments: Arguments) -> HandleKind? { .model }

    public func check(_ arguments: Arguments, in context: CheckContext) throws(Diagnostic) {
        try LearningKeys.checkAdapter(
            arguments, of: "embedder", LearningKeys.options(arguments, for: .distill))
    }

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        let embedder: EmbedderContent = try arguments.content("embedder")
        let teacher: ClipContent = try arguments.content("to")
        let options = try LearningKeys.options(arguments, for: .distill)
        let texts = try Self.pool(arguments)
        session.tellCut(teacher.tokenizer.encode(texts).cutCount, by: teacher.origin)
        let experiment = DistillExperiment(
            embedder: embedder, teacher: teacher,
            embeddings: try session.vectors(of: texts, by: embedder.embedder),
            targets: try Features(stop: session.stop).texts(
                texts, by: teacher.model.text, tokenizer: teacher.tokenizer),
            logitScale: LearningKeys.logitScale(arguments),
            textsHash: SHA256Hash.of(bytes: Data(texts.joined(separator: "\0").utf8)))
        return try session.perform(experiment, options, arguments)
    }

    /// The distinct texts of the pool, in their order.
    private static func pool(_ arguments: Arguments) throws -> [String] {
        let data: PairsContent = try arguments.content("data")
        var texts: [String] = []
        for source in arguments.list("texts") ?? [] {
            switch source {
            case .handle(let handle) where handle.kind == .texts:
                texts += try arguments.content(of: handle, at: "texts", as: TextsContent.self).texts
            case .handle(let handle):
                texts += try arguments.content(of: handle, at: "texts", as: PairsContent.self).captions.map(\.text)
            default:
                let taxonomies = data.data.taxonomies.filter { $0 != Judgement.noTaxonomy }
                texts += try taxonomies.flatMap { try data.data.classes($0) }
            }
        }
        if arguments.list("texts") == nil { texts = data.captions.map(\.text) }
        var seen: Set<[UInt8]> = []
        return texts.filter { seen.insert(Array($0.utf8)).inserted }
    }
}
