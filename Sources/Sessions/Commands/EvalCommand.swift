public import Language
internal import ProCLIP
internal import Rendering
internal import Tensors

/// `eval M on=D`
public struct EvalCommand: Command {
    public let name = "eval"
    public let summary = "judge a model: retrieval in both directions, zero-shot classification, languages"
    public let slots = [Slot("model", .handle([.clip, .model, .embedder]), "the model; an embedder knows texts only")]
    public let keys =
        [
            Key("on", .handle([.pairs]), default: .required, "the pairs; each source set is a pool of its own"),
            Key(
                "task", .list(.choice(["retrieval", "zeroshot", "languages"])),
                default: .none("retrieval, of an embedder languages"),
                "what is asked; languages: whether captions find those of the same picture in other languages"),
            Key(
                "languages", .list(.text), default: .none("all that the pairs have"),
                "of task=languages, such as [de, ja]"),
        ] + JudgingKeys.keys
    public let examples = [
        "eval proclip on=test task=retrieval as r", "eval proclip on=test task=[retrieval, zeroshot]",
        "eval llm on=test languages=[de, fr] as raw",
    ]
    public let seeAlso = ["compare", "align", "assert"]

    public func resultKind(_ arguments: Arguments) -> HandleKind? { .result }

    public func check(_ arguments: Arguments, in context: CheckContext) throws(Diagnostic) {
        try PromptTemplates.check(arguments)
        let tasks = Self.tasks(arguments)
        if arguments.handle("model")?.kind == .embedder, let wrong = tasks.first(where: { $0 != .languages }) {
            throw arguments.diagnostic(
                .contradiction, "an embedder sees no pictures, so it has no \(wrong.rawValue)", at: "task",
                help: "leave task out, or judge the model that distill makes of it")
        }
        guard let languages = arguments.texts("languages") else { return }
        guard tasks.contains(.languages) else {
            throw arguments.diagnostic(
                .contradiction, "languages= belongs to task=languages", at: "languages",
                help: "write task=[retrieval, languages]")
        }
        guard let pairs = arguments.handle("on")?.content as? PairsContent else { return }
        guard let unknown = languages.first(where: { !pairs.data.languages.contains($0) }) else { return }
        throw arguments.diagnostic(
            .unknownChoice, "\(arguments.handle("on")?.name ?? "it") has no captions in \"\(unknown)\"",
            at: "languages",
            suggestions: Nearest.words(to: unknown, among: pairs.data.languages),
            help: "it has \(pairs.data.languages.joined(separator: " "))")
    }

    private static func tasks(_ arguments: Arguments) -> [JudgingTask] {
        let usual: [JudgingTask] = arguments.handle("model")?.kind == .embedder ? [.languages] : [.retrieval]
        return arguments.texts("task").map { $0.compactMap(JudgingTask.init) } ?? usual
    }

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        guard let handle = arguments.handle("model") else { return Outcome() }
        let pairs: PairsContent = try arguments.content("on")
        let tasks = Self.tasks(arguments)
        let title = "\(handle.name) on \(arguments.handle("on")?.name ?? "")"
        var (blocks, fields): ([Reply.Block], Fields) = ([], Fields())
        if tasks.contains(where: { $0 != .languages }) {
            let judgement = try Judgement(
                try Judged(handle, arguments, at: "model", in: session), on: pairs, tasks: tasks,
                templates: try PromptTemplates.read(arguments, in: session), taxonomy: arguments.text("classes"))
            blocks += [.table(Self.table(judgement, title)), .note(judgement.notes.joined(separator: "\n"))]
            fields.append(judgement.fields)
        }
        if tasks.contains(.languages) {
            let judgement = try LanguageJudgement(
                try Self.texts(handle, arguments, in: session), on: pairs, languages: arguments.texts("languages"))
            guard !judgement.others.isEmpty else {
                throw arguments.diagnostic(
                    .contradiction, "there are no captions in another language than \(pairs.language)", at: "on",
                    help: "load pairs in several")
            }
            blocks += [.table(judgement.table(title: title)), .note(LanguageJudgement.convention)]
            fields.append(judgement.fields)
        }
        let reply = Reply(blocks, fields: fields)
        return Outcome(
            reply, content: ResultContent(reply: reply, summary: "\(handle.name): \(fields.names.count) numbers"))
    }

    /// Texts -> [N, d], by whatever the handle holds.
    private static func texts(
        _ handle: Handle, _ arguments: Arguments, in session: Session
    ) throws -> ([String]) throws -> Tensor {
        guard let content = handle.content as? EmbedderContent else {
            return try Judged(handle, arguments, at: "model", in: session).texts
        }
        return { try session.vectors(of: $0, by: content.embedder) }
    }

    private static func table(_ judgement: Judgement, _ title: String) -> Table {
        let names = judgement.overall.names
        var rows = judgement.sets.map { set, fields in [.text(set)] + names.map { fields[$0] ?? .missing } }
        if rows.count > 1 { rows.append(["mean"] + names.map { judgement.overall[$0] ?? .missing }) }
        return Table(
            title: title,
            columns: ["set"]
                + names.map { Column(Judgement.short($0), style: $0.hasPrefix("n_") ? .significant(9) : .fixed(4)) },
            rows: rows)
    }
}
