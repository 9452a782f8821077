internal import Language

/// What is said of a word: from the concepts, and from what the verbs say of themselves.
struct Explanation {
    enum Depth: String, CaseIterable {
        case sentence, screen, mathematics
    }

    private let title, sentence, screen, mathematics: String

    /// Nil for a word that means nothing here.
    init?(_ topic: String, _ commands: CommandTable) {
        let concept = Concept.named(topic)
        if let command = commands[topic] {
            title = topic
            sentence = Self.sentence(command.summary)
            let examples = command.examples.map { "    " + $0 }.joined(separator: "\n")
            screen = [sentence, concept?.screen ?? "", command.usage, examples].filter { !$0.isEmpty }.joined(
                separator: "\n")
            mathematics = [concept?.mathematics ?? "", Self.form(of: command)].filter { !$0.isEmpty }.joined(
                separator: "\n")
        } else if let word = CommandTable.controlWords.first(where: { $0.name == topic }) {
            title = topic
            sentence = Self.sentence(word.summary)
            screen = "\(sentence)\n\(word.usage)\n    \(word.example)"
            mathematics = "\(word.usage); it belongs to the grammar itself and computes nothing"
        } else if let code = Diagnostic.Code(rawValue: topic.uppercased()) {
            let status = "a recipe that meets it ends with status \(ExitStatus(code).rawValue)"
            title = code.rawValue
            sentence = concept?.sentence ?? "\(code.rawValue) is the error \(code.words)."
            screen = [
                concept?.screen ?? "\(code.rawValue), \(code.words): \(Self.families[code.family] ?? "").",
                status + ".",
            ]
            .joined(separator: "\n")
            mathematics =
                concept?.mathematics
                ?? "family \(code.family) of E\(code.family)xx: \(Self.families[code.family] ?? ""); \(status)"
        } else {
            let owners = commands.commands.flatMap { command in
                command.keys.filter { $0.name == topic }.map { (verb: command.name, key: $0) }
            }
            let kind = HandleKind(rawValue: topic)
            guard concept != nil || !owners.isEmpty || kind != nil else { return nil }
            title = concept?.names[0] ?? topic
            let help = owners.first.map { "\(topic)= is an option: \($0.key.help)." }
            let meaning = kind.map { "\(topic) is a kind of handle: \($0.meaning)." }
            sentence = concept?.sentence ?? help ?? meaning ?? ""
            let uses = owners.map { "    \($0.verb) ... \(topic)=  \($0.key.help) [\($0.key.defaultText)]" }
            screen = ([concept?.screen ?? sentence] + (uses.isEmpty ? [] : ["as an option:"] + uses)).joined(
                separator: "\n")
            let types = owners.map { "    \($0.verb): \($0.key.type.description); default \($0.key.defaultText)" }
            mathematics =
                ([
                    concept?.mathematics
                        ?? "It chooses what is worked on or how it is shown; no formula stands behind it."
                ]
                + types).joined(separator: "\n")
        }
    }

    func text(_ depth: Depth) -> String {
        switch depth {
        case .sentence: sentence
        case .screen: "\(title): \(screen)"
        case .mathematics: "\(title):\n\(mathematics)"
        }
    }

    /// A verb's summary as a sentence.
    static func sentence(_ summary: String) -> String {
        summary.prefix(1).uppercased() + summary.dropFirst() + "."
    }

    /// Domain and range: what it takes, of which type.
    private static func form(of command: any Command) -> String {
        let slots = command.slots.map { "    \($0.name.uppercased()): \($0.type.description)" }
        let keys = command.keys.map { "    \($0.name)=: \($0.type.description); default \($0.defaultText)" }
        return ([command.usage] + slots + keys).joined(separator: "\n")
    }

    private static let families = [
        1: "the text could not be read as statements", 2: "found by the check, before any work began",
        3: "an assertion or a comparison with kept answers did not hold", 4: "a file or a model is missing",
        5: "a number was not finite", 6: "it happened during the work",
    ]
}
