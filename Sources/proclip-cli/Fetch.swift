import ArgumentParser
import Language
import Sessions
import Shell

/// `proclip fetch`: the verb of that name, for scripts.
struct Fetch: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Download a model that Weights/models.json lists.")

    @ArgumentParser.Argument(help: "The model's name, such as minilm.")
    var name: String

    @OptionGroup var display: DisplayOptions

    func run() throws {
        let shell = Shell(session: Session(), format: display.format, terminal: display.terminal)
        try leave(shell.replay(Source(name: "fetch", text: "fetch \(name)")))
    }
}
