import Language
import Rendering

/// `help [TOPIC]`; everything it says comes from the verbs' own files.
public struct HelpCommand: Command {
    public let name = "help"
    public let otherNames = ["man", "info"]
    public let isKept = false
    public let summary = "explain a verb, an option, a kind of handle or an error, or list the verbs"
    public let slots = [
        Slot(
            "topic", .text, "a verb, an option, a kind or a handle, the code of an error, or words to search for",
            count: .optional)
    ]
    public let examples = ["help", "help tune", "help lambda", "help \"image tower\""]
    public let seeAlso = ["list"]

    public func words(forSlot index: Int, after values: [String], in context: CheckContext) -> [String] {
        HelpCommand.topics(of: .standard).filter { !$0.hasPrefix("%") }
    }

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        guard let topic = arguments.text("topic") else { return Outcome(.table(overview(session.commands))) }
        if let command = session.commands[topic] { return Outcome(Self.help(on: command)) }
        if let word = CommandTable.controlWords.first(where: { $0.name == topic }) {
            return Outcome(
                .note("\(word.name): \(word.summary)\nusage: \(word.usage)\nexamples:\n    \(word.example)"))
        }
        if session.bindings[topic] != nil { return Outcome(followedBy: "show \(topic)", of: arguments) }
        let reply = HelpTopic(topic, session.commands).reply
        guard !reply.isEmpty else {
            throw arguments.diagnostic(
                .unknownChoice, "no verb, option or kind is called \"\(topic)\"", at: "topic",
                suggestions: Nearest.words(to: topic, among: HelpCommand.topics(of: session.commands)),
                help: "help alone lists the verbs")
        }
        return Outcome(reply)
    }

    /// What it explains: verbs, kinds of handles, options.
    static func topics(of commands: CommandTable) -> [String] {
        (commands.verbs + HandleKind.allCases.map(\.rawValue) + commands.commands.flatMap { $0.keys.map(\.name) })
            .uniqued
    }

    private func overview(_ commands: CommandTable) -> Table {
        let rows =
            commands.commands.map { [Scalar.text($0.name), .text($0.summary)] }
            + CommandTable.controlWords.map { [Scalar.text($0.name), .text($0.summary)] }
        return Table(columns: ["verb", "what it does"], rows: rows)
    }

    /// What the declaration of a verb says.
    static func help(on command: any Command) -> Reply {
        var reply = Reply([.note("\(command.name): \(command.summary)\n\(command.usage)")])
        if !command.slots.isEmpty {
            let rows = command.slots.map { slot in
                [Scalar.text(slot.name.uppercased()), .text(slot.type.description), .text(slot.help)]
            }
            reply.blocks.append(.table(Table(columns: ["value", "type", "meaning"], rows: rows)))
        }
        if !command.keys.isEmpty {
            let rows = command.keys.map { key in
                let only = key.only.map { " (with \($0.joined(separator: ", ")))" } ?? ""
                return [
                    Scalar.text(key.name), .text(key.type.description), .text(key.defaultText), .text(key.help + only),
                ]
            }
            reply.blocks.append(.table(Table(columns: ["option", "type", "default", "meaning"], rows: rows)))
        }
        if !command.examples.isEmpty {
            reply.blocks.append(.note("examples:\n" + command.examples.map { "    " + $0 }.joined(separator: "\n")))
        }
        if !command.seeAlso.isEmpty {
            reply.blocks.append(.note("see also: " + command.seeAlso.joined(separator: ", ")))
        }
        return reply
    }
}
