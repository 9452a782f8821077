import Language
import Rendering

/// What `help` finds on a word that is no verb. Everything comes from the verbs' own files.
struct HelpTopic {
    let topic: String
    let commands: CommandTable

    init(_ topic: String, _ commands: CommandTable) {
        self.topic = topic
        self.commands = commands
    }

    /// The error, kind or option of that name, and where else the words occur; empty where nothing is found.
    var reply: Reply {
        let blocks = [error, kind, options, mentions].flatMap { $0 }
        return Reply(blocks)
    }

    private var error: [Reply.Block] {
        guard let code = Diagnostic.Code(rawValue: topic.uppercased()) else { return [] }
        return [
            .note(
                "\(code.rawValue): \(code.words); a recipe that meets it ends with status \(ExitStatus(code).rawValue)")
        ]
    }

    private var kind: [Reply.Block] {
        guard let kind = HandleKind(rawValue: topic) else { return [] }
        let rows = commands.commands.flatMap { command in
            command.slots.filter { $0.type.handleKinds?.contains(kind) ?? false }
                .map { ["\(command.name) \($0.name.uppercased())", $0.help] }
                + command.keys.filter { $0.type.handleKinds?.contains(kind) ?? false }
                .map { ["\(command.name) \($0.name)=", $0.help] }
        }
        let made = HandleKind.kindWords.contains(topic) && kind != .embeddings ? "; load \(topic) makes one" : ""
        let note = Reply.Block.note("\(topic): \(kind.meaning)\(made)")
        return rows.isEmpty ? [note] : [note, HelpCommand.listing("taken by", ["where", "as"], rows)]
    }

    private var options: [Reply.Block] {
        let rows = commands.commands.flatMap { command in
            command.keys.filter { $0.name == topic }.map { key in
                [command.name, key.type.brief, key.defaultText, key.help]
            }
        }
        if rows.isEmpty { return [] }
        return [HelpCommand.listing("\(topic)=, an option of", ["verb", "type", "default", "meaning"], rows)]
    }

    /// The verbs, values, options and examples whose text holds every word.
    private var mentions: [Reply.Block] {
        let words = topic.lowercased().split(separator: " ")
        guard !words.isEmpty else { return [] }
        func holds(_ texts: String...) -> Bool {
            let text = texts.joined(separator: " ").lowercased()
            return words.allSatisfy(text.contains)
        }
        var rows: [[String]] = []
        for command in commands.commands {
            let examples = command.examples.filter { holds($0) }
            if holds(command.name, command.summary) || command.slots.contains(where: { holds($0.help) }) {
                rows.append([command.name, command.summary])
            } else if let example = examples.first {
                rows.append([command.name, "example: \(example)"])
            }
            rows += command.keys.filter { $0.name != topic && holds($0.name, $0.help, $0.type.description) }
                .map { ["\(command.name) \($0.name)=", $0.help] }
        }
        rows += CommandTable.controlWords.filter { holds($0.name, $0.summary) }.map { [$0.name, $0.summary] }
        return rows.isEmpty ? [] : [HelpCommand.listing("mentioned in", ["where", "what it says"], rows)]
    }
}

extension HandleKind {
    /// What it is, in one line.
    var meaning: String {
        switch self {
        case .clip: "a model of two towers, one for pictures and one for texts, in one space"
        case .embedder: "a frozen language model that gives a vector for a text"
        case .tower: "a network that gives a vector for a picture"
        case .pairs: "pictures with captions"
        case .images: "pictures without captions"
        case .texts: "texts without pictures"
        case .labels: "names of classes"
        case .weights: "tensors for parts of a model"
        case .run: "the record of a replayed recipe: options, losses, results"
        case .embeddings: "a vector for each of some texts or pictures; embed makes them"
        case .model: "an embedder's adapter with an image tower; distill and tune make one"
        case .result: "numbers that eval, compare, plot, classify and search answer"
        }
    }
}

extension Diagnostic.Code {
    /// The name of the case in words.
    var words: String {
        "\(self)".reduce(into: "") { text, letter in
            text += letter.isUppercase ? " \(letter.lowercased())" : "\(letter)"
        }
    }
}
