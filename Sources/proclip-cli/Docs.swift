import ArgumentParser
import Sessions

/// `proclip docs`: the reference of the language.
struct Docs: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Write the reference of the language as Markdown: every verb, as it describes itself, and every idea of explain."
    )

    func run() { print(LanguageReference(commands: .standard).markdown) }
}
