internal import Archive
public import Language
internal import Layers
internal import ProCLIP
internal import Rendering
internal import Towers

/// `tune M data=D`
public struct TuneCommand: Command {
    public let name = "tune"
    public let otherNames = ["train", "finetune", "fit"]
    public let summary = "stage 2: tune image tower and adapter on pairs, held to where the tower was"
    public let slots = [
        Slot(
            "start", .handle([.model, .embedder, .clip]),
            "a model of stage 1, an embedder for a cold adapter, or a CLIP that keeps its own text tower")
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
                "train",
                .list(
                    .either([
                        .choice(["adapter", "image", "text"]), .prefixed("last", meaning: "BLOCKS"),
                        .prefixed("lora", meaning: "RANK"),
                    ])), default: .none("[adapter, image], of a CLIP text"),
                "what is trained; of the image tower all, its last blocks, or matrices of low rank beside its own"),
            Key(
                "alpha", .number(1e-3...1e6), default: .none("twice the rank"),
                "the matrices of low rank count alpha / rank times", isRare: true),
            LearningKeys.logitScale,
        ] + LearningKeys.keys(for: .tune)
    public let examples = [
        "tune s1 data=train preset=pico as proclip",
        "tune llm tower=teacher data=train preset=pico lambda=0 as llm2clip",
        "tune llm tower=teacher data=train preset=pico lambda=0 train=adapter as lit",
        "tune s1 data=train preset=pico train=[adapter, lora:8] teacher=cached as m",
        "tune teacher data=train preset=pico lambda=0 train=text as long_clip",
        "tune s1 data=train preset=pico epochs=1 canary=test watch=sim as watched",
    ]
    public let seeAlso = ["distill", "resume", "compare"]

    public func resultKind(_ arguments: Arguments) -> HandleKind? {
        arguments.handle("start")?.kind == .clip ? .clip : .model
    }

    public func check(_ arguments: Arguments, in context: CheckContext) throws(Diagnostic) {
        try LearningKeys.checkAdapter(arguments, of: "start", LearningKeys.options(arguments, for: .tune))
        let parts = try Self.parts(arguments)
        guard let start = arguments.handle("start"), let kind = start.kind else { return }
        try Self.check(parts, of: kind, arguments)
        if kind == .embedder, arguments["tower"] == nil {
            throw arguments.diagnostic(
                .missingArgument, "\"\(start.name)\" is an embedder: tuning needs an image tower", at: "start",
                help: "write tower=HANDLE of a clip or a tower, or distill first")
        }
        let settled = ["blocks", "expansion", "standardise"] + (kind == .clip ? ["tower"] : [])
        if kind != .embedder, let settled = settled.first(where: arguments.given.contains) {
            throw arguments.diagnostic(
                .contradiction,
                kind == .clip
                    ? "\"\(start.name)\" is a CLIP and gets no adapter, so \(settled) has no place"
                    : "\"\(start.name)\" has an adapter already, \(settled) cannot change it",
                at: settled, help: kind == .clip ? "tune an embedder with tower=\(start.name)" : "give it to distill")
        }
        if let name = arguments.text("tower")?.dropFirst("random:".count), ImageTower.published[String(name)] == nil {
            throw arguments.diagnostic(
                .unknownChoice, "there is no random tower \(name)", at: "tower",
                suggestions: Nearest.words(to: String(name), among: Array(ImageTower.published.keys)),
                help: "there are \(ImageTower.published.keys.sorted().joined(separator: ", "))")
        }
    }

    /// What `train=` says. Throws a diagnostic for what says it twice.
    static func parts(_ arguments: Arguments) throws(Diagnostic) -> Set<TuneStage.Part> {
        let usual = arguments.handle("start")?.kind == .clip ? ["text"] : ["adapter", "image"]
        var parts: Set<TuneStage.Part> = []
        for word in arguments.texts("train") ?? usual {
            guard let part = TuneStage.Part(word) else {
                throw arguments.diagnostic(
                    .outOfBounds, "\"\(word)\" names no part", at: "train",
                    help: "write last:4, a number of blocks, or lora:16, a rank from 1 to 1024")
            }
            parts.insert(part)
        }
        let towers = parts.filter(\.isOfImageTower).map(\.description).sorted()
        if towers.count > 1 {
            throw arguments.diagnostic(
                .contradiction, "\(towers.joined(separator: " and ")) both say what is trained of the image tower",
                at: "train", help: "give one of them")
        }
        if arguments.given.contains("alpha"), !parts.contains(where: { $0.rank != nil }) {
            throw arguments.diagnostic(
                .contradiction, "alpha belongs to matrices of low rank", at: "alpha",
                help: "write train=[adapter, lora:16]")
        }
        return parts
    }

    private static func check(
        _ parts: Set<TuneStage.Part>, of kind: HandleKind, _ arguments: Arguments
    ) throws(Diagnostic) {
        if kind != .clip, parts.contains(.text) {
            throw arguments.diagnostic(
                .contradiction, "the embedder stays frozen, so there is no text tower to train", at: "train",
                help: "tune a CLIP, or align the embedder")
        }
        if kind == .clip, let wrong = parts.first(where: { $0 == .adapter || $0.rank != nil }) {
            throw arguments.diagnostic(
                .contradiction, "a CLIP with its own text tower has no \(wrong) to train", at: "train",
                help: "train text, image or last:BLOCKS of it")
        }
    }

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        guard let start = arguments.handle("start") else { return Outcome() }
        let pairs: PairsContent = try arguments.content("data")
        var options = try LearningKeys.options(arguments, for: .tune)
        let parts = try Self.parts(arguments)
        let scale = LearningKeys.logitScale(arguments)
        let texts = pairs.captions.map(\.text)
        if let clip = start.content as? ClipContent {
            session.tellCut(clip.tokenizer.encode(texts).cutCount, by: clip.origin)
            let experiment = TuneClipExperiment(
                clip: clip, name: start.name, pairs: pairs, parts: parts, logitScale: scale)
            return try session.perform(experiment, options, arguments)
        }
        let tower = try tower(arguments, options)
        let lowRank = parts.compactMap(\.rank).first.map { rank in
            LowRank(
                rank: rank, alpha: Float(arguments.number("alpha") ?? Double(2 * rank)), below: "image/blocks/",
                seed: options.seed)
        }
        let experiment: TuneExperiment
        if let model = start.content as? ModelContent {
            let adapter = model.model.adapter.configuration
            (options.blocks, options.expansion) = (adapter.blocks, adapter.expansion)
            options.standardise = adapter.standardises
            experiment = TuneExperiment(
                initial: { try model.model.copy(on: tower, options: $0, logitScale: scale, lowRank: lowRank) },
                embedder: model.embedder, pairs: pairs,
                embeddings: try session.vectors(of: texts, by: model.embedder), parts: parts,
                origin: start.name + (tower.map { " on \($0.origin)" } ?? ""),
                startHash: try model.identity.hash + (tower?.hash ?? ""), alpha: lowRank?.alpha)
        } else if let tower {
            let embedder = try arguments.content("start", as: EmbedderContent.self).embedder
            let embeddings = try session.vectors(of: texts, by: embedder)
            experiment = TuneExperiment(
                initial: { options in
                    try AlignedModel.fresh(
                        on: tower, embeddings: embeddings, options: options, logitScale: scale, lowRank: lowRank)
                }, embedder: embedder, pairs: pairs, embeddings: embeddings, parts: parts,
                origin: "\(embedder.name) on \(tower.origin)", startHash: tower.hash, alpha: lowRank?.alpha)
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
