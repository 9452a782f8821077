public import Language
internal import Rendering

/// `plot WHAT HANDLE...`
public struct PlotCommand: Command {
    public let name = "plot"
    public let otherNames = ["draw", "chart"]
    public let summary = "draw losses, similarities, distributions, maps of embeddings and what was forgotten"
    public let slots = [
        Slot(
            "what", .choice(Plot.allCases.map(\.rawValue)),
            Plot.allCases.map { "\($0.rawValue): \($0.help)" }.joined(separator: "; ")),
        Slot("handle", .handle([]), "what it is drawn of", count: .several),
    ]
    public let keys = [
        Key(
            "on", .handle([.pairs]), default: .none("models need it"),
            "the pairs whose pictures and captions are embedded", only: Plot.ofPairs),
        Key(
            "n", .integer(2...100_000), default: .none("sim and distances 16, map 300, watch 6, else all"),
            "how many pairs or vectors, the first ones; of watch how many readings, evenly spread",
            only: Plot.ofPairs + [Plot.watch.rawValue]),
        Key("bins", .integer(2...1000), default: .value(.number(40)), "bars or points", only: ["dist", "hist"]),
        Key(
            "of", .choice([PairMap.pictures, .captions].map(\.rawValue)),
            default: .value(.word(PairMap.captions.rawValue)),
            "whose distances from one another are drawn", only: ["distances"]),
        Key(
            "metric", .text, default: .none("of one model all, of several the watched one"),
            "which number of the canary, such as cka", only: ["canary"]),
    ]
    public let examples = [
        "plot loss s1 llm2clip", "plot map teacher llm2clip on=test n=8 as m", "plot dist teacher on=test",
        "plot hist e", "plot sim e n=8", "plot parts s1 as p",
    ]
    public let seeAlso = ["compare", "eval", "save"]

    public func offers(_ handle: Handle, forSlot index: Int, after values: [String]) -> Bool {
        guard let kind = handle.kind, let plot = values.first.flatMap(Plot.init) else { return true }
        return plot.kinds.contains(kind)
    }

    public func resultKind(_ arguments: Arguments) -> HandleKind? { .result }

    public func check(_ arguments: Arguments, in context: CheckContext) throws(Diagnostic) {
        guard let plot = arguments.text("what").flatMap(Plot.init) else { return }
        let handles = arguments.handles("handle")
        if let wrong = handles.first(where: { $0.kind.map { !plot.kinds.contains($0) } ?? false }) {
            throw arguments.diagnostic(
                .wrongKind,
                "plot \(plot.rawValue) draws \(plot.kindsText), \"\(wrong.name)\" is of kind \(wrong.kindText)",
                at: "handle")
        }
        let areVectors = plot == .sim && handles.contains { [.embeddings, nil].contains($0.kind) }
        if areVectors, let model = handles.first(where: { ![.embeddings, nil].contains($0.kind) }) {
            throw arguments.diagnostic(
                .wrongKind,
                "plot sim draws a model, or one or two embeddings; \"\(model.name)\" is a \(model.kindText)",
                at: "handle")
        }
        if let limit = areVectors ? 2 : plot.limit, handles.count > limit {
            throw arguments.diagnostic(
                .surplusValue, "plot \(plot.rawValue) draws at most \(limit) handle\(limit == 1 ? "" : "s")",
                at: "handle")
        }
        if plot.needsPairs, !areVectors, arguments["on"] == nil {
            throw arguments.diagnostic(
                .missingArgument, "plot \(plot.rawValue) needs on=: the pairs whose pictures and captions are embedded")
        }
    }

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        guard let plot = arguments.text("what").flatMap(Plot.init) else { return Outcome() }
        let reply = try plot.reply(arguments, in: session)
        let names = arguments.handles("handle").map(\.name).joined(separator: ", ")
        return Outcome(reply, content: ResultContent(reply: reply, summary: "plot \(plot.rawValue) of \(names)"))
    }
}

/// What can be drawn.
enum Plot: String, CaseIterable {
    case loss, parts, canary, watch, sim, distances, dist, cka, map, hist, languages, forget

    /// Those that embed pairs.
    static let ofPairs = allCases.filter(\.needsPairs).map(\.rawValue)

    var help: String {
        switch self {
        case .loss: "the loss over the steps of trained models or runs"
        case .parts: "the weighted terms of a model's loss over the steps, one on top of the other"
        case .canary: "what the canary measured over the steps"
        case .watch: "the heat maps of a training that had watch="
        case .sim: "a model's cosines of captions and pictures, or those of one or two embeddings"
        case .distances: "the distances between captions or pictures, and how the last model's differ from the first's"
        case .dist: "how its cosines are distributed, for pairs and for strangers"
        case .cka: "how alike models see pictures"
        case .map: "pictures and captions in a plane, with the first model's projection for all"
        case .hist: "how the cosines between embeddings are distributed"
        case .languages: "recall@1 by language, of eval task=languages"
        case .forget: "what each model of a compare lost against the first, by set"
        }
    }

    var kinds: [HandleKind] {
        switch self {
        case .loss: [.clip, .model, .embedder, .run]
        case .parts, .watch: [.clip, .model]
        case .canary: [.clip, .model, .embedder, .run]
        case .sim: [.clip, .model, .embeddings]
        case .distances, .dist, .cka, .map: [.clip, .model]
        case .hist: [.embeddings]
        case .languages, .forget: [.result]
        }
    }

    var kindsText: String { kinds.map(\.rawValue).joined(separator: ", ") }
    /// How many handles it takes at most; nil for any number.
    var limit: Int? {
        switch self {
        case .parts, .watch, .sim, .dist, .hist, .forget: 1
        case .map: 2
        case .loss, .canary, .distances, .cka, .languages: nil
        }
    }
    var needsPairs: Bool { [.sim, .distances, .dist, .cka, .map].contains(self) }
}
