public import Language
internal import ProCLIP
internal import Rendering
internal import Tensors

/// `compare M1 M2 ... on=D`
public struct CompareCommand: Command {
    public let name = "compare"
    public let summary = "judge models side by side: a row a model, a column a metric and set; it never trains"
    public let slots = [
        Slot(
            "model", .handle([.clip, .model, .embeddings, .run, .result]),
            "models, or embeddings of the same items, or recorded runs, of which the first is the reference; or what collect "
                + "has gathered: one collection by itself, several row by row, such as curves over the same numbers",
            count: .several)
    ]
    public let keys =
        [
            JudgingKeys.on(.none("models need it")),
            Key(
                "reference", .text, default: .none("the first"),
                "of a collection the row, of several the collection that the others are held against"),
            Key(
                "metrics", .list(.text), default: .none("mean_recall, acc1, acc, cka, seconds"),
                "of a collection the numbers that are shown, such as emoji.mean_recall"),
            Key(
                "items", .integer(0...1000), default: .value(.number(5)),
                "of two models, how many items with the largest gain and loss are shown; of two embeddings, how many differ"
            ),
            Key(
                "tasks", .list(.choice(JudgingKeys.words(JudgingTask.ofSeveral))),
                default: .value(.list(JudgingKeys.words(JudgingTask.usual).map { .word($0) })),
                "what is asked, as in eval; cka: how alike the image features are to the first model's"),
        ] + JudgingKeys.keys
    public let examples = [
        "compare teacher s1 llm2clip proclip on=test as c", "compare e e2", "compare table reference=teacher",
        "compare teacher s1 on=[test, train] tasks=zeroshot as robustness",
        "compare sweep sweep2 metrics=mean_recall as curves",
    ]
    public let seeAlso = ["eval", "collect"]

    /// The metrics that stand in the table for every set; the others are fields.
    private static let shownPerSet = ["mean_recall", "acc1"]

    public func resultKind(_ arguments: Arguments) -> HandleKind? { .result }

    public func check(_ arguments: Arguments, in context: CheckContext) throws(Diagnostic) {
        try JudgingKeys.check(JudgingKeys.tasks(arguments.texts("tasks")) ?? [], arguments)
        let kinds = arguments.handles("model").compactMap(\.kind)
        if kinds.contains(.result) { return try checkCollection(arguments) }
        guard let other = kinds.first(where: { $0 == .embeddings || $0 == .run }) else {
            if arguments["on"] != nil { return }
            throw arguments.diagnostic(.missingArgument, "compare needs on=: the pairs that models are judged on")
        }
        if kinds.contains(where: { $0 != other }) {
            throw arguments.diagnostic(
                .contradiction,
                other == .run ? "a run is compared with runs" : "models and embeddings have no number in common",
                at: "model",
                help: other == .run ? "load run FOLDER loads another" : "embed the same items with each model first")
        }
        if arguments.given.contains("on") {
            throw arguments.diagnostic(
                .contradiction,
                other == .run
                    ? "runs are compared by what they recorded" : "embeddings are compared on the items they have",
                at: "on")
        }
    }

    private func checkCollection(_ arguments: Arguments) throws(Diagnostic) {
        let handles = arguments.handles("model")
        guard handles.allSatisfy({ [.result, nil].contains($0.kind) }), !arguments.given.contains("on") else {
            throw arguments.diagnostic(
                .contradiction,
                "a collection is compared by itself or with others: what it has gathered is judged already",
                at: "model")
        }
        guard let handle = handles.first(where: { $0.content.map { !($0 is CollectionContent) } ?? false }) else {
            return
        }
        throw arguments.diagnostic(
            .wrongKind, "\"\(handle.name)\" is no collection", at: "model",
            help: "collect \(handle.name) run=1 as NAME makes one")
    }

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        let handles = arguments.handles("model")
        let collections = handles.compactMap { handle in
            (handle.content as? CollectionContent).map { (name: handle.name, content: $0) }
        }
        if let collection = collections.first?.content {
            let reply =
                try collections.count > 1
                ? SweepComparison(collections, arguments).reply : CollectionComparison(collection, arguments).reply
            let shape = collections.count > 1 ? "\(collections.count) collections" : collection.shape
            return Outcome(reply, content: ResultContent(reply: reply, summary: "\(shape) compared"))
        }
        if handles.contains(where: { $0.kind == .embeddings }) {
            let reply = try EmbeddingComparison(handles, arguments).reply(most: arguments.integer("items") ?? 0)
            return Outcome(reply, content: ResultContent(reply: reply, summary: "\(handles.count) embeddings compared"))
        }
        let runs = handles.compactMap { handle in (handle.content as? RunContent).map { (handle.name, $0.run) } }
        if !runs.isEmpty {
            let reply = RunComparison(runs: runs).reply
            return Outcome(reply, content: ResultContent(reply: reply, summary: "\(runs.count) runs compared"))
        }
        let tasks = JudgingKeys.tasks(arguments.texts("tasks")) ?? []
        var judged: [(name: String, judgement: Judgement, cka: Double?)] = []
        for handle in handles {
            let model = try Judged(handle, arguments, at: "model", in: session)
            let judgement = try JudgingKeys.judgement(of: model, tasks, arguments, in: session)
            let reference = judged.first?.judgement.images ?? judgement.images
            let cka = tasks.contains(.cka) ? try LinearCKA.similarity(reference, judgement.images) : nil
            judged.append((handle.name, judgement, cka))
        }
        // Intervals take time, so they are made once.
        let rows = judged.map { JudgedRow($0.name, $0.judgement, cka: $0.cka) }
        var fields = Fields()
        for row in rows { fields.append(row.fields, under: row.name) }
        let reference = judged.first?.name ?? ""
        let compared = judged.dropFirst().map { name, judgement, _ in
            (model: name, comparisons: ItemComparison.all(judged[0].judgement.items, judgement.items))
        }.filter { !$0.comparisons.isEmpty }
        for (model, comparisons) in compared {
            for comparison in comparisons { fields.append(comparison.fields, under: model) }
        }
        let notes =
            [Self.counts(judged[0].judgement)] + judged[0].judgement.notes
            + (tasks.contains(.cka) ? [ckaNote(judged)] : [])
        let title = "on \(JudgingKeys.title(arguments))"
        var blocks = [Reply.Block.table(table(judged, title: title)), .note(notes.joined(separator: "\n"))]
        let differences = ModelDifference.all(judged.map { ($0.name, $0.judgement) })
        for difference in differences { fields.append(difference.fields, under: difference.model) }
        if !differences.isEmpty { blocks.append(.table(ModelDifference.table(differences, reference: reference))) }
        if !compared.isEmpty { blocks.append(.table(ItemComparison.table(compared, reference: reference))) }
        if let count = arguments.integer("items"), count > 0, judged.count == 2,
            let only = compared.first(where: { $0.comparisons.contains(where: \.hasChanges) })
        {
            blocks.append(.table(ItemComparison.table(only.comparisons, most: count, reference, only.model)))
        }
        let reply = Reply(blocks, fields: fields)
        return Outcome(
            reply,
            content: ResultContent(
                reply: reply, summary: "\(rows.map(\.name).joined(separator: ", ")) compared", judged: rows))
    }

    /// How many items stand behind the numbers of each pool.
    private static func counts(_ judgement: Judgement) -> String {
        let pools = judgement.sets.map { set, _, fields in
            let counts = fields.names.filter { $0.hasPrefix("n_") }.compactMap { name in
                fields[name].map { "\(NumberStyle.significant(9).text($0)) \(name.dropFirst(2))" }
            }
            return "\(set) \(counts.joined(separator: ", "))"
        }
        return "pools: \(pools.joined(separator: "; "))"
    }

    private func ckaNote(_ judged: [(name: String, judgement: Judgement, cka: Double?)]) -> String {
        "cka: linear CKA of the image features with those of \(judged.first?.name ?? "")"
    }

    private func table(_ judged: [(name: String, judgement: Judgement, cka: Double?)], title: String) -> Table {
        let sets = judged.first?.judgement.sets.map(\.set) ?? []
        let overall = judged.first?.judgement.overall.names.filter { !$0.hasPrefix("n_") } ?? []
        let perSet =
            sets.count < 2
            ? []
            : sets.flatMap { set in
                Self.shownPerSet.filter(overall.contains).map { (set: set, metric: $0) }
            }
        let hasCKA = judged.contains { $0.cka != nil }
        let names =
            ["model"] + overall.map { Judgement.short($0) } + perSet.map { "\($0.set) \(Judgement.short($0.metric))" }
        let rows = judged.map { name, judgement, cka in
            let means = overall.map { judgement.overall[$0] ?? .missing }
            let own = perSet.map { place in
                judgement.sets.first { $0.set == place.set }?.fields[place.metric] ?? .missing
            }
            return [Scalar.text(name)] + means + own + (hasCKA ? [cka.map(Scalar.number) ?? .missing] : [])
        }
        let columns = names.map { Column($0, style: .percent(1)) } + (hasCKA ? [Column("cka", style: .fixed(3))] : [])
        return Table(title: title + ", in percent, means over the sets first", columns: columns, rows: rows)
    }
}
