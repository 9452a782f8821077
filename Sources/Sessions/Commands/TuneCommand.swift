internal import Archive
public import Language
internal import ProCLIP
internal import Rendering
internal import Towers

/// `tune M data=D`
public struct TuneCommand: Command {
    public let name = "tune"
    public let summary = "stage 2: tune image tower and adapter on pairs, held to where the tower was"
    public let slots = [
        Slot("start", .handle([.model, .embedder]), "a model of stage 1, or an embedder for a cold adapter")
    ]
    public let keys =
        [
            Key("data", .handle([.pairs]), default: .required, "the pairs"),
            Key("tower", .handle([.clip]), default: .none("the model's own"), "the image tower for a cold adapter"),
            Key(
                "train", .list(.choice(TuneStage.Part.allCases.map(\.rawValue))),
                default: .value(.list([.word("adapter"), .word("image")])), "what is trained"),
            LearningKeys.logitScale,
        ] + LearningKeys.keys(for: .tune)
    public let examples = [
        "tune s1 data=train preset=pico as proclip",
        "tune llm tower=teacher data=train preset=pico lambda=0 as llm2clip",
        "tune llm tower=teacher data=train preset=pico lambda=0 train=adapter as lit",
    ]
    public let seeAlso = ["distill", "resume", "compare"]

    public func resultKind(_ arguments: Arguments) -> HandleKind? { .model }

    public func check(_ arguments: Arguments, in context: CheckContext) throws(Diagnostic) {
        try LearningKeys.checkAdapter(arguments, of: "start", LearningKeys.options(arguments, for: .tune))
        guard let start = arguments.handle("start") else { return }
        if start.kind == .embedder, arguments["tower"] == nil {
            throw arguments.diagnostic(
                .missingArgument, "\"\(start.name)\" is an embedder: tuning needs an image tower", at: "start",
                help: "write tower=HANDLE of a clip, or distill first")
        }
        let settled = ["blocks", "expansion", "standardise"].first(where: arguments.given.contains)
        if start.kind == .model, let settled {
            throw arguments.diagnostic(
                .contradiction, "\"\(start.name)\" has an adapter already, \(settled) cannot change it", at: settled,
                help: "give it to distill")
        }
        if start.kind == .model, arguments["tower"] != nil {
            throw arguments.diagnostic(
                .contradiction, "\"\(start.name)\" has an image tower of its own", at: "tower", help: "leave tower= out"
            )
        }
    }

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        guard let start = arguments.handle("start") else { return Outcome() }
        let pairs: PairsContent = try arguments.content("data")
        var options = try LearningKeys.options(arguments, for: .tune)
        let parts = Set((arguments.texts("train") ?? []).compactMap(TuneStage.Part.init))
        let scale = LearningKeys.logitScale(arguments)
        let texts = pairs.captions.map(\.text)
        let experiment: TuneExperiment
        if let model = start.content as? ModelContent {
            let adapter = model.model.adapter.configuration
            (options.blocks, options.expansion) = (adapter.blocks, adapter.expansion)
            options.standardise = adapter.standardises
            experiment = TuneExperiment(
                initial: { _ in try model.model.copy(logitScale: scale) }, embedder: model.embedder, pairs: pairs,
                embeddings: try session.embed(texts, with: model.embedder).vectors, parts: parts, origin: start.name,
                startHash: model.model.hash)
        } else {
            let embedder = try arguments.content("start", as: EmbedderContent.self).embedder
            let tower: ClipContent = try arguments.content("tower")
            let embeddings = try session.embed(texts, with: embedder).vectors
            experiment = TuneExperiment(
                initial: { options in
                    try AlignedModel.fresh(
                        tower: tower.model, embeddings: embeddings, options: options, logitScale: scale)
                }, embedder: embedder, pairs: pairs, embeddings: embeddings, parts: parts,
                origin: "\(embedder.name) on \(tower.origin)", startHash: try tower.identity.hash)
        }
        return try session.perform(experiment, options, arguments)
    }
}
