import Language
import Rendering

/// `help [TOPIC...]`; everything it says comes from the verbs' own files.
public struct HelpCommand: Command {
    public let name = "help"
    public let otherNames = ["man", "info"]
    public let isKept = false
    public let summary = "explain a verb, an option, a kind of handle or an error, or list the verbs"
    public let slots = [
        Slot(
            "topic", .text, "a verb, an option, a kind or a handle, the code of an error, or words to search for",
            count: .any)
    ]
    public let examples = ["help", "help tune", "help lambda", "help image tower"]
    public let seeAlso = ["list"]

    public func words(forSlot index: Int, after values: [String], in context: CheckContext) -> [String] {
        HelpCommand.topics(of: .standard).filter { !$0.hasPrefix("%") }
    }

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        let words = (arguments.list("topic") ?? []).compactMap { if case .text(let word) = $0 { word } else { nil } }
        guard !words.isEmpty else { return Outcome(overview(session.commands)) }
        let topic = words.joined(separator: " ")
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

    private func overview(_ commands: CommandTable) -> Reply {
        let groups = commands.groups.map { ($0.title, $0.commands.map { ($0.name, $0.summary) }) }
        let control = ("control", CommandTable.controlWords.map { ($0.name, $0.summary) })
        let tables = (groups + [control]).map { title, words in
            Reply.Block.table(
                Table(
                    title: title, columns: ["verb", "what it does"],
                    rows: words.map { [Scalar.text($0), .text($1)] }))
        }
        let hint =
            "help VERB explains one, help WORDS searches; at the prompt ?VERB does, too, Tab completes, and !COMMAND is run "
            + "by the system's shell"
        return Reply(tables + [.note(hint)])
    }

    /// What the declaration of a verb says.
    static func help(on command: any Command) -> Reply {
        var reply = Reply([.note("\(command.name): \(command.summary)\n\(command.usage)")])
        if !command.slots.isEmpty {
            let rows = command.slots.map { slot in
                [Scalar.text(slot.name.uppercased()), .text(slot.type.brief), .text(slot.help)]
            }
            reply.blocks.append(.table(Table(columns: ["value", "type", "meaning"], rows: rows)))
        }
        if !command.keys.isEmpty {
            let rows = command.keys.map { key in
                let only = key.only.map { " (with \($0.joined(separator: ", ")))" } ?? ""
                return [
                    Scalar.text(key.name), .text(key.type.brief), .text(key.defaultText), .text(key.help + only),
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
