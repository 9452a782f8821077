public import Language
internal import Rendering

/// `collect R run=LABEL as C`
public struct CollectCommand: Command {
    public let name = "collect"
    public let otherNames = ["gather", "accumulate"]
    public let summary =
        "add the numbers of a result to those of other runs, such as seeds, for compare to judge together"
    public let slots = [
        Slot(
            "what", .handle([.result, .model, .clip]),
            "what eval or compare has answered, a row a model; or a model, with its steps and seconds")
    ]
    public let keys = [
        Key("of", .text, default: .none("all"), "of several models the one whose numbers are taken"),
        Key("run", .anything, default: .required, "what the run is called, such as its seed; runs are paired by it"),
        Key(
            "row", .anything, default: .none("the model's name"), "what the row is called, such as the value of a sweep"
        ),
        Key("metric", .text, default: .none("all"), "the only number that is taken"),
        Key(
            "named", .text, default: .none("its own name"),
            "what that number is called, where benchmarks count different ones"),
    ]
    public let examples = [
        "collect r run=1 as table", "collect r run=1 row=0.2 as sweep",
        "collect r run=pets metric=mean_recall named=score as benchmarks",
    ]
    public let seeAlso = ["compare", "eval"]

    public func resultKind(_ arguments: Arguments) -> HandleKind? { .result }

    public func check(_ arguments: Arguments, in context: CheckContext) throws(Diagnostic) {
        if arguments.given.contains("named"), !arguments.given.contains("metric") {
            throw arguments.diagnostic(
                .contradiction, "named= needs metric=: the number that is called so", at: "named")
        }
        guard let name = arguments.resultName else {
            throw arguments.diagnostic(
                .missingArgument, "it is not said what to add to", help: "end with as NAME: the collection, new or not")
        }
        guard let content = context.handle(name)?.content, !(content is CollectionContent) else { return }
        throw arguments.diagnostic(
            .contradiction, "\"\(name)\" is something else than a collection", help: "give another name behind as")
    }

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        guard let handle = arguments.handle("what"), let name = arguments.resultName else { return Outcome() }
        let label = Self.word(arguments, "run") ?? ""
        var rows: [JudgedRow]
        if let result = handle.content as? ResultContent {
            rows = result.judged
        } else {
            rows = [JudgedRow(name: handle.name, fields: handle.content?.fields ?? [:])]
        }
        if let wanted = arguments.text("of") {
            guard let own = rows.first(where: { $0.name == wanted }) else {
                throw arguments.diagnostic(
                    .unknownChoice, "\"\(handle.name)\" has no model \"\(wanted)\"", at: "of",
                    suggestions: Nearest.words(to: wanted, among: rows.map(\.name)),
                    help: "there is \(rows.map(\.name).joined(separator: ", "))")
            }
            rows = [own]
        }
        guard !rows.isEmpty else {
            throw arguments.diagnostic(
                .wrongKind, "\"\(handle.name)\" holds no numbers of models", at: "what",
                help: "collect what eval or compare has answered")
        }
        if let row = Self.word(arguments, "row") {
            guard rows.count == 1 else {
                throw arguments.diagnostic(
                    .contradiction, "\"\(handle.name)\" has \(rows.count) rows with names of their own", at: "row",
                    help: "choose one of them with of=")
            }
            rows = [rows[0].named(row)]
        }
        if let metric = arguments.text("metric") {
            rows = try rows.map { row in
                guard let only = row.only(metric, named: arguments.text("named") ?? metric) else {
                    throw arguments.diagnostic(
                        .unknownChoice, "\"\(handle.name)\" has no number \"\(metric)\"", at: "metric",
                        suggestions: Nearest.words(to: metric, among: row.fields.names))
                }
                return only
            }
        }
        var collection = session.bindings[name]?.handle.content as? CollectionContent ?? CollectionContent()
        for row in rows { collection.add(row, of: label) }
        return Outcome(.note("\(name): \(collection.shape)", fields: collection.fields), content: collection)
    }

    private static func word(_ arguments: Arguments, _ key: String) -> String? {
        switch arguments[key] {
        case .value(let value): value.interpolated
        case .handle(let handle): handle.name
        default: nil
        }
    }
}
