internal import Archive
public import Language
internal import ProCLIP
internal import Rendering
internal import Towers

/// `tune M data=D`
public struct TuneCommand: Command {
    public let name = "tune"
    public let otherNames = ["train", "finetune", "fit"]
    public let summary = "stage 2: tune image tower and adapter on pairs, held to where the tower was"
    public let slots = [
        Slot("start", .handle([.model, .embedder]), "a model of stage 1, or an embedder for a cold adapter")
    ]
    public let keys =
        [
            Key("data", .handle([.pairs]), default: .required, "the pairs"),
            Key(
                "tower",
                .either([
                    .handle([.clip, .tower]),
                    .prefixed("random", meaning: ImageTower.published.keys.sorted().joined(separator: "|")),
                ]), default: .none("the model's own"),
                "the image tower of a cold adapter, or in the place of the model's own"),
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
                help: "write tower=HANDLE of a clip or a tower, or distill first")
        }
        let settled = ["blocks", "expansion", "standardise"].first(where: arguments.given.contains)
        if start.kind == .model, let settled {
            throw arguments.diagnostic(
                .contradiction, "\"\(start.name)\" has an adapter already, \(settled) cannot change it", at: settled,
                help: "give it to distill")
        }
        if let name = arguments.text("tower")?.dropFirst("random:".count), ImageTower.published[String(name)] == nil {
            throw arguments.diagnostic(
                .unknownChoice, "there is no random tower \(name)", at: "tower",
                suggestions: Nearest.words(to: String(name), among: Array(ImageTower.published.keys)),
                help: "there are \(ImageTower.published.keys.sorted().joined(separator: ", "))")
        }
    }

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        guard let start = arguments.handle("start") else { return Outcome() }
        let pairs: PairsContent = try arguments.content("data")
        var options = try LearningKeys.options(arguments, for: .tune)
        let parts = Set((arguments.texts("train") ?? []).compactMap(TuneStage.Part.init))
        let scale = LearningKeys.logitScale(arguments)
        let texts = pairs.captions.map(\.text)
        let tower = try tower(arguments, options)
        let experiment: TuneExperiment
        if let model = start.content as? ModelContent {
            let adapter = model.model.adapter.configuration
            (options.blocks, options.expansion) = (adapter.blocks, adapter.expansion)
            options.standardise = adapter.standardises
            experiment = TuneExperiment(
                initial: { try model.model.copy(on: tower, options: $0, logitScale: scale) }, embedder: model.embedder,
                pairs: pairs, embeddings: try session.vectors(of: texts, by: model.embedder), parts: parts,
                origin: start.name + (tower.map { " on \($0.origin)" } ?? ""),
                startHash: try model.identity.hash + (tower?.hash ?? ""))
        } else if let tower {
            let embedder = try arguments.content("start", as: EmbedderContent.self).embedder
            let embeddings = try session.vectors(of: texts, by: embedder)
            experiment = TuneExperiment(
                initial: { options in
                    try AlignedModel.fresh(on: tower, embeddings: embeddings, options: options, logitScale: scale)
                }, embedder: embedder, pairs: pairs, embeddings: embeddings, parts: parts,
                origin: "\(embedder.name) on \(tower.origin)", startHash: tower.hash)
        } else {
            return Outcome()
        }
        return try session.perform(experiment, options, arguments)
    }

    /// The image tower that the statement names; nil where it names none.
    private func tower(_ arguments: Arguments, _ options: TrainingOptions) throws -> TowerStart? {
        if let name = arguments.text("tower").map({ String($0.dropFirst("random:".count)) }),
            let configuration = ImageTower.published[name]
        {
            return try TowerStart(random: name, configuration, seed: options.seed)
        }
        guard let handle = arguments.handle("tower") else { return nil }
        if let tower = handle.content as? TowerContent { return try TowerStart(tower) }
        return try TowerStart(try arguments.content(of: handle, at: "tower", as: ClipContent.self))
    }
}
