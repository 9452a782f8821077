internal import Foundation
public import Language
internal import ProCLIP
internal import Rendering
internal import Tensors

/// `eval M on=D`
public struct EvalCommand: Command {
    public let name = "eval"
    public let otherNames = ["evaluate", "test", "score"]
    public let summary = "judge a model: retrieval in both directions, zero-shot classification, languages"
    public let slots = [Slot("model", .handle([.clip, .model, .embedder]), "the model; an embedder knows texts only")]
    public let keys =
        [
            JudgingKeys.on(.required),
            Key(
                "task", .list(.choice(JudgingKeys.words(JudgingTask.ofOne))),
                default: .none("retrieval, of an embedder languages"),
                "what is asked; languages: whether captions find those of the same picture in other languages; negatives: "
                    + "captions against false ones; patterns: pairs of pictures that look alike; probe: a linear classifier; "
                    + "geometry: alignment, uniformity and the gap between pictures and texts"),
            Key(
                "languages", .list(.text), default: .none("all that the pairs have"),
                "of task=languages, such as [de, ja]"),
        ] + JudgingKeys.keys
    public let examples = [
        "eval proclip on=test task=retrieval as r", "eval proclip on=test task=[retrieval, zeroshot]",
        "eval proclip on=[test, train] task=zeroshot as robustness",
        "eval llm on=test languages=[de, fr] as raw", "eval s1 on=test task=[probe, geometry] train=train",
    ]
    public let seeAlso = ["compare", "align", "assert"]

    public func resultKind(_ arguments: Arguments) -> HandleKind? { .result }

    public func check(_ arguments: Arguments, in context: CheckContext) throws(Diagnostic) {
        let tasks = Self.tasks(arguments)
        try JudgingKeys.check(tasks, arguments)
        if arguments.handle("model")?.kind == .embedder, let wrong = tasks.first(where: { $0 != .languages }) {
            throw arguments.diagnostic(
                .contradiction, "an embedder sees no pictures, so it has no \(wrong.rawValue)", at: "task",
                help: "leave task out, or judge the model that distill makes of it")
        }
        if tasks.contains(.languages), arguments.handles("on").count > 1 {
            throw arguments.diagnostic(
                .contradiction, "languages are compared within one file of pairs", at: "on",
                help: "a statement for each, or a for loop")
        }
        guard let languages = arguments.texts("languages") else { return }
        guard tasks.contains(.languages) else {
            throw arguments.diagnostic(
                .contradiction, "languages= belongs to task=languages", at: "languages",
                help: "write task=[retrieval, languages]")
        }
        guard let pairs = arguments.handles("on").first?.content as? PairsContent else { return }
        guard let unknown = languages.first(where: { !pairs.data.languages.contains($0) }) else { return }
        throw arguments.diagnostic(
            .unknownChoice, "\(JudgingKeys.title(arguments)) has no captions in \"\(unknown)\"",
            at: "languages",
            suggestions: Nearest.words(to: unknown, among: pairs.data.languages),
            help: "it has \(pairs.data.languages.joined(separator: " "))")
    }

    private static func tasks(_ arguments: Arguments) -> [JudgingTask] {
        let usual: [JudgingTask] = arguments.handle("model")?.kind == .embedder ? [.languages] : [.retrieval]
        return JudgingKeys.tasks(arguments.texts("task")) ?? usual
    }

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        guard let handle = arguments.handle("model"), let first = arguments.handles("on").first else {
            return Outcome()
        }
        let tasks = Self.tasks(arguments)
        let title = "\(handle.name) on \(JudgingKeys.title(arguments))"
        var (blocks, fields): ([Reply.Block], Fields) = ([], Fields())
        var row: JudgedRow?
        if tasks.contains(where: { $0 != .languages }) {
            let judgement = try JudgingKeys.judgement(
                of: try Judged(handle, arguments, at: "model", in: session), tasks, arguments, in: session)
            blocks.append(.table(Self.table(judgement, title)))
            if !judgement.estimates.isEmpty { blocks.append(.table(Self.intervals(judgement))) }
            blocks.append(.note(judgement.notes.joined(separator: "\n")))
            let own = JudgedRow(handle.name, judgement)
            fields.append(own.fields)
            row = own
        }
        if tasks.contains(.languages) {
            let pairs = try arguments.content(of: first, at: "on", as: PairsContent.self)
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
            reply,
            content: ResultContent(
                reply: reply, summary: "\(handle.name): \(fields.names.count) numbers",
                judged: [
                    JudgedRow(
                        name: handle.name, fields: fields, estimates: row?.estimates ?? [:], pools: row?.pools ?? [])
                ]))
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

    /// The 95 % intervals of the numbers that items stand behind.
    private static func intervals(_ judgement: Judgement) -> Table {
        let names = judgement.estimates.map(\.name).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        func cell(_ estimate: Estimate?) -> Scalar {
            guard let interval = estimate?.interval() else { return .missing }
            return .text(String(format: "%.3f-%.3f", interval.lowerBound, interval.upperBound))
        }
        var rows = judgement.sets.map { set, _, _ in
            [.text(set)]
                + names.map { name in cell(judgement.estimates.first { $0.set == set && $0.name == name }?.estimate) }
        }
        if rows.count > 1 { rows.append(["mean"] + names.map { cell(judgement.estimate($0)) }) }
        return Table(
            title: "95% intervals (bootstrap over items, \(Estimate.resamples) resamples)",
            columns: ["set"] + names.map { Column(Judgement.short($0), alignment: .trailing) }, rows: rows)
    }

    private static func table(_ judgement: Judgement, _ title: String) -> Table {
        let names = judgement.overall.names
        var rows = judgement.sets.map { set, _, fields in [.text(set)] + names.map { fields[$0] ?? .missing } }
        if rows.count > 1 { rows.append(["mean"] + names.map { judgement.overall[$0] ?? .missing }) }
        return Table(
            title: title,
            columns: ["set"]
                + names.map { Column(Judgement.short($0), style: $0.hasPrefix("n_") ? .significant(9) : .fixed(4)) },
            rows: rows)
    }
}
