public import Language
internal import ProCLIP
internal import Rendering

/// `eval M on=D`
public struct EvalCommand: Command {
    public let name = "eval"
    public let summary = "judge a model: retrieval in both directions, zero-shot classification"
    public let slots = [Slot("model", .handle([.clip, .model]), "the model")]
    public let keys =
        [
            Key("on", .handle([.pairs]), default: .required, "the pairs; each source set is a pool of its own"),
            Key(
                "task", .list(.choice(["retrieval", "zeroshot"])), default: .value(.list([.word("retrieval")])),
                "what is asked"),
        ] + JudgingKeys.keys
    public let examples = [
        "eval proclip on=test task=retrieval as r", "eval proclip on=test task=[retrieval, zeroshot]",
    ]
    public let seeAlso = ["compare", "assert"]

    public func resultKind(_ arguments: Arguments) -> HandleKind? { .result }

    public func check(_ arguments: Arguments, in context: CheckContext) throws(Diagnostic) {
        try PromptTemplates.check(arguments)
    }

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        guard let handle = arguments.handle("model") else { return Outcome() }
        let pairs: PairsContent = try arguments.content("on")
        let tasks = (arguments.texts("task") ?? []).compactMap(JudgingTask.init)
        let model = try Judged(handle, arguments, at: "model", in: session)
        let judgement = try Judgement(
            model, on: pairs, tasks: tasks, templates: try PromptTemplates.read(arguments, in: session),
            taxonomy: arguments.text("classes"))
        let names = judgement.overall.names
        var rows = judgement.sets.map { set, fields in [.text(set)] + names.map { fields[$0] ?? .missing } }
        if rows.count > 1 { rows.append(["mean"] + names.map { judgement.overall[$0] ?? .missing }) }
        let table = Table(
            title: "\(handle.name) on \(arguments.handle("on")?.name ?? "")",
            columns: ["set"]
                + names.map { Column(Judgement.short($0), style: $0.hasPrefix("n_") ? .significant(9) : .fixed(4)) },
            rows: rows)
        let reply = Reply([.table(table), .note(judgement.notes.joined(separator: "\n"))], fields: judgement.fields)
        return Outcome(
            reply, content: ResultContent(reply: reply, summary: "\(handle.name): \(names.count) numbers"))
    }
}
