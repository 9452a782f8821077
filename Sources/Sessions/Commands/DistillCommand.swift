public import Language
internal import ProCLIP
internal import Rendering
internal import Tensors

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
            Key(
                "languages", .list(.text), default: .none("the pairs' own"),
                "captions in these are pulled to where the teacher puts the same pictures' in the pairs' own language"
            ),
            Key(
                "long", .text, default: .none("none"),
                "the language of long captions beside, such as en-long, which are distilled by L_ins alone"),
            LearningKeys.logitScale,
        ] + LearningKeys.keys(for: .distill)
    public let examples = [
        "distill llm to=teacher data=train preset=pico as s1",
        "distill llm to=teacher data=train texts=[train, classes] preset=pico as s1",
        "distill llm to=teacher data=train languages=[de, fr] preset=pico as across",
    ]
    public let seeAlso = ["tune", "compare"]

    public func resultKind(_ arguments: Arguments) -> HandleKind? { .model }

    public func check(_ arguments: Arguments, in context: CheckContext) throws(Diagnostic) {
        try LearningKeys.checkAdapter(
            arguments, of: "embedder", LearningKeys.options(arguments, for: .distill))
        guard let pairs = arguments.handle("data")?.content as? PairsContent else { return }
        let asked = [
            "languages": arguments.texts("languages") ?? [], "long": [arguments.text("long")].compactMap(\.self),
        ]
        for (key, languages) in asked.sorted(by: { $0.key < $1.key }) {
            guard let unknown = languages.first(where: { !pairs.data.languages.contains($0) }) else { continue }
            throw arguments.diagnostic(
                .unknownChoice, "\(arguments.handle("data")?.name ?? "it") has no captions in \"\(unknown)\"", at: key,
                suggestions: Nearest.words(to: unknown, among: pairs.data.languages),
                help: "it has \(pairs.data.languages.joined(separator: " "))")
        }
    }

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        let embedder: EmbedderContent = try arguments.content("embedder")
        let teacher: ClipContent = try arguments.content("to")
        let options = try LearningKeys.options(arguments, for: .distill)
        let pool = try Self.pool(arguments)
        func placed(_ texts: [String]) throws -> Tensor {
            session.tellCut(teacher.tokenizer.encode(texts).cutCount, by: teacher.origin)
            return try Features(stop: session.stop).texts(texts, by: teacher.model.text, tokenizer: teacher.tokenizer)
        }
        let companions =
            pool.longTexts.isEmpty
            ? nil
            : DistillStage.Companions(
                embeddings: try session.vectors(of: pool.longTexts, by: embedder.embedder),
                targets: try placed(pool.longTexts), rows: pool.longOf)
        let experiment = DistillExperiment(
            embedder: embedder, teacher: teacher,
            embeddings: try session.vectors(of: pool.texts, by: embedder.embedder),
            targets: try placed(pool.targets).gathering(rows: pool.meanings), meanings: pool.meanings,
            companions: companions, logitScale: LearningKeys.logitScale(arguments), textsHash: pool.hash)
        return try session.perform(experiment, options, arguments)
    }

    private static func pool(_ arguments: Arguments) throws -> DistillPool {
        let data: PairsContent = try arguments.content("data")
        let (languages, long) = (arguments.texts("languages") ?? [], arguments.text("long"))
        var pool = DistillPool()
        guard let sources = arguments.list("texts") else {
            try pool.add(data, languages: languages, long: long)
            return pool
        }
        for source in sources {
            switch source {
            case .handle(let handle) where handle.kind == .texts:
                let texts = try arguments.content(of: handle, at: "texts", as: TextsContent.self).texts
                for text in texts { pool.add(text) }
            case .handle(let handle):
                let pairs = try arguments.content(of: handle, at: "texts", as: PairsContent.self)
                try pool.add(pairs, languages: languages, long: long)
            default:
                let taxonomies = data.data.taxonomies.filter { $0 != Judgement.noTaxonomy }
                for name in try taxonomies.flatMap({ try data.data.classes($0) }) { pool.add(name) }
            }
        }
        return pool
    }
}
