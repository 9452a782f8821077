internal import Language

/// Writes out the verbs and keys that a user at the prompt abbreviates, when only one fits, and the names that other programs
/// have for verbs.
struct Abbreviations {
    let commands: CommandTable

    init(_ commands: CommandTable) {
        self.commands = commands
    }

    func expanded(_ statement: Statement) -> Statement {
        var statement = statement
        switch statement.form {
        case .invocation(var invocation):
            invocation.verb.text = verb(invocation.verb.text)
            var command = commands[invocation.verb.text]
            if command?.takesStatement == true, let first = invocation.values.first, case .word(let word) = first.form {
                let inner = verb(word)
                invocation.values[0].form = .word(inner)
                command = commands[inner]
            }
            if let command {
                for index in invocation.options.indices {
                    let written = invocation.options[index].key.text
                    invocation.options[index].key.text = completed(written, among: command.keys.map(\.name))
                }
            }
            statement.form = .invocation(invocation)
        case .conditional(let condition, let then, let otherwise):
            statement.form = .conditional(condition, then: then.map(expanded), otherwise: otherwise.map(expanded))
        case .loop(let name, let values, let body):
            statement.form = .loop(name, in: values, body: body.map(expanded))
        case .binding, .parameter, .assertion: break
        }
        return statement
    }

    private func verb(_ word: String) -> String {
        if commands[word] == nil, let meant = commands.meant(by: word), meant.count == 1 { return meant[0] }
        return completed(word, among: commands.commands.map(\.name))
    }

    private func completed(_ word: String, among words: [String]) -> String {
        if words.contains(word) { return word }
        let fitting = Set(words.filter { $0.hasPrefix(word) })
        return fitting.count == 1 ? fitting.first ?? word : word
    }
}
