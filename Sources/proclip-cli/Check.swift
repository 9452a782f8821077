import ArgumentParser
import Language
import Sessions
import Shell

/// `proclip check`: replays a recipe and compares its answers with those that it keeps.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Replay a saved session and compare its answers with those that it keeps.",
        discussion: """
            Answers are compared by value. Numbers with a decimal point may differ by a thousandth of their size (set
            tolerance=... in the recipe changes that) or by one unit of the last digit that is shown; whole numbers and
            words must be the same. With -p, where numbers may be others, only the form of tables is: heads, rows, words, and
            where numbers stand. Ends with status 3 where something differs.
            """)

    @ArgumentParser.Argument(help: "A recipe with outputs: .pcl with lines of #>, .md with output fences, or .ipynb.")
    var file: String

    @OptionGroup var parameters: ParameterOptions

    @Flag(help: "Keep the new answers in the file instead of comparing.")
    var write = false

    @OptionGroup var saving: SavingOptions

    @OptionGroup var display: DisplayOptions

    func run() throws {
        let session = Session()
        let shell = Shell(session: session, format: display.format, terminal: display.terminal)
        try parameters.apply(to: session, shell)
        try leave(shell.check(outputsOf: file, rewriting: write, savingTo: saving.files))
    }
}
