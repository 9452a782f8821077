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
        HelpCommand.topics(of: .standard, after: values).filter { !$0.hasPrefix("%") }
    }

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        let words = (arguments.list("topic") ?? []).compactMap { if case .text(let word) = $0 { word } else { nil } }
        guard !words.isEmpty else { return Outcome(overview(session.commands)) }
        let topic = words.joined(separator: " ")
        if let command = session.commands[topic] { return Outcome(Self.help(on: command)) }
        if let word = CommandTable.controlWords.first(where: { $0.name == topic }) {
            return Outcome(
                .note("\(word.name): \(word.summary)\nusage: \(word.usage)\nexamples\n  \(word.example)"))
        }
        if words.count == 2, let key = session.commands[words[0]]?.keys.first(where: { $0.name == words[1] }) {
            return Outcome(Reply([Self.options("an option of \(words[0])", [key])]))
        }
        if session.bindings[topic] != nil { return Outcome(followedBy: "show \(topic)", of: arguments) }
        let reply = HelpTopic(topic, session.commands).reply
        if reply.isEmpty, let explanation = Explanation(topic, session.commands) {
            return Outcome(.note(explanation.text(.screen)))
        }
        guard !reply.isEmpty else {
            throw arguments.diagnostic(
                .unknownChoice, "no verb, option or kind is called \"\(topic)\"", at: "topic",
                suggestions: Nearest.words(
                    to: topic, among: HelpCommand.topics(of: session.commands) + Concept.all.flatMap(\.names)),
                help: "help alone lists the verbs")
        }
        return Outcome(reply)
    }

    /// What it explains: verbs, kinds of handles, options; behind a verb the options of that.
    static func topics(of commands: CommandTable, after words: [String] = []) -> [String] {
        if let first = words.first { return words.count > 1 ? [] : commands[first]?.keys.map(\.name) ?? [] }
        let keys = commands.commands.flatMap { $0.keys.map(\.name) }
        return (commands.verbs + HandleKind.allCases.map(\.rawValue) + keys).uniqued
    }

    private func overview(_ commands: CommandTable) -> Reply {
        let groups = commands.groups.map { ($0.title, $0.commands.map { ($0.name, $0.summary) }) }
        let control = ("control", CommandTable.controlWords.map { ($0.name, $0.summary) })
        let tables = (groups + [control]).map { title, words in
            Self.listing(title, ["verb", "what it does"], words.map { [$0, $1] })
        }
        let hint =
            """
            help VERB explains one, help WORDS searches; at the prompt ?VERB does, too, Tab
            completes, and !COMMAND is run by the system's shell
            """
        return Reply(tables + [.note(hint)])
    }

    static func listing(_ title: String, _ columns: [Column], _ rows: [[String]]) -> Reply.Block {
        .table(Table(title: title, columns: columns, rows: rows.map { $0.map(Scalar.text) }, layout: .listing))
    }

    /// What the declaration of a verb says: what most statements need before the examples, the rest behind them.
    static func help(on command: any Command) -> Reply {
        let head = "\(command.name): \(command.summary)".wrapped(toWidth: 80, indent: 2) + [command.usage]
        var reply = Reply([.note(head.joined(separator: "\n"))])
        if !command.slots.isEmpty {
            let rows = command.slots.map { [$0.name.uppercased(), $0.type.brief, $0.help] }
            reply.blocks.append(listing("values", ["value", "type", "meaning"], rows))
        }
        let common = command.keys.filter { !$0.isRare && $0.only == nil }
        if !common.isEmpty { reply.blocks.append(options("options", common)) }
        for only in command.keys.compactMap(\.only).uniqued {
            let own = command.keys.filter { $0.only == only }
            reply.blocks.append(options("options with \(only.joined(separator: ", "))", own))
        }
        if !command.examples.isEmpty {
            reply.blocks.append(.note("examples\n" + command.examples.map { "  " + $0 }.joined(separator: "\n")))
        }
        let rare = command.keys.filter { $0.isRare && $0.only == nil }
        if !rare.isEmpty { reply.blocks.append(options("more options", rare)) }
        if !command.seeAlso.isEmpty {
            reply.blocks.append(.note("see also: " + command.seeAlso.joined(separator: ", ")))
        }
        return reply
    }

    private static func options(_ title: String, _ keys: [Key]) -> Reply.Block {
        listing(
            title, ["option", "type", "default", "meaning"],
            keys.map { ["\($0.name)=", $0.type.brief, $0.defaultText, $0.help] })
    }
}
