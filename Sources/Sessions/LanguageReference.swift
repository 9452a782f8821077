internal import Rendering

/// The reference of the language, from what the verbs and the concepts say of themselves.
public struct LanguageReference {
    private let commands: CommandTable

    public init(commands: CommandTable) { self.commands = commands }

    /// A page of Markdown.
    public var markdown: String {
        let head = """
            # The language

            Every verb and every idea, as the program itself explains them.

            ## Overview

            A statement is a verb, its values, its options as `key=value`, and `as NAME` for the result. This page is written by \
            `proclip docs` from the declarations of the verbs; `help VERB` shows the same in the shell, `explain WORD` the ideas.
            """
        let verbs = commands.commands.map(section)
        let words = CommandTable.controlWords.map {
            "## \($0.name)\n\n\(Explanation.sentence($0.summary))\n\n\(code([$0.usage, $0.example]))"
        }
        let ideas = Concept.all.map { idea in
            "### \(idea.names[0])\n\n\(idea.sentence)\n\n\(idea.screen)\n\n\(code([idea.mathematics]))"
        }
        return ([head] + verbs + words + ["## Ideas\n\nWhat `explain` knows beside the verbs."] + ideas)
            .joined(separator: "\n\n")
    }

    private func section(_ command: any Command) -> String {
        let tables = HelpCommand.help(on: command).blocks.filter { if case .table = $0 { true } else { false } }
        let related = command.seeAlso.map { "`\($0)`" }.joined(separator: ", ")
        return [
            "## \(command.name)", Explanation.sentence(command.summary), "`\(command.usage)`",
            MarkdownFormat().text(Reply(tables)),
            command.examples.isEmpty ? "" : code(command.examples), related.isEmpty ? "" : "See also \(related).",
        ].filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    private func code(_ lines: [String]) -> String { "```\n\(lines.joined(separator: "\n"))\n```" }
}
