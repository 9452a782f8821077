internal import Language
internal import Rendering

/// `explain TOPIC|HANDLE`
public struct ExplainCommand: Command {
    public let name = "explain"
    public let otherNames = ["why", "what", "describe"]
    public let summary =
        "explain an idea, a verb, an option, a metric or an error at three depths, or a result by its own numbers"
    public let slots = [
        Slot(
            "topic", .either([.handle([]), .text]),
            "a handle (last is the latest), or a word of losses, options, metrics, files, verbs and errors; "
                + "without it all words are listed", count: .optional)
    ]
    public let keys = [
        Key(
            "depth", .choice(Explanation.Depth.allCases.map(\.rawValue)), default: .value(.word("screen")),
            "a sentence, a screen, or the mathematics with symbols, shapes and source")
    ]
    public let examples = [
        "explain L_struct", "explain cka depth=mathematics", "explain proclip", "explain tune", "explain",
    ]
    public let seeAlso = ["help", "lesson"]

    public func words(forSlot index: Int, after values: [String], in context: CheckContext) -> [String] {
        Concept.all.compactMap(\.names.first).filter { !$0.contains(" ") } + HelpCommand.topics(of: .standard)
    }

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        let depth = arguments.text("depth").flatMap(Explanation.Depth.init) ?? .screen
        if let handle = arguments.handle("topic") {
            return Outcome(.note(try LiveReading(handle, in: session).text(depth)))
        }
        guard let topic = arguments.text("topic") else { return Outcome(.table(Self.contents)) }
        guard let explanation = Explanation(topic, session.commands) else {
            let known = Concept.all.flatMap(\.names) + HelpCommand.topics(of: session.commands)
            throw arguments.diagnostic(
                .unknownChoice, "nothing is known of \"\(topic)\"", at: "topic",
                suggestions: Nearest.words(to: topic, among: known), help: "explain alone lists what can be explained")
        }
        return Outcome(.note(explanation.text(depth)))
    }

    private static var contents: Table {
        Table(
            columns: ["word", "in a sentence"],
            rows: Concept.all.map { [.text($0.names[0]), .text($0.sentence)] }, layout: .listing)
    }
}
