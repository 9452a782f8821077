import ArgumentParser
import Foundation
import Language
import Sessions
import Shell

/// `proclip run`: replays a recipe.
struct Replay: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Replay a recipe; it is checked as a whole before its first statement runs.")

    @ArgumentParser.Argument(help: "A recipe: .pcl, .md with proclip fences, or .ipynb.")
    var file: String

    @OptionGroup var parameters: ParameterOptions

    @Option(
        help: ArgumentHelp(
            "The folder for the record of the run; by default a new one in ./runs.", valueName: "folder"))
    var out: String?

    @OptionGroup var saving: SavingOptions

    @Flag(help: "Train anew what an earlier run has trained with the same options on the same inputs.")
    var fresh = false

    @Flag(name: .customLong("params"), help: "List the recipe's parameters instead.")
    var listsParameters = false

    @Flag(name: .customLong("dry"), help: "Only check the recipe, and tell what is missing and what it will take.")
    var onlyChecks = false

    @OptionGroup var display: DisplayOptions

    func run() throws {
        let session = Session()
        let shell = Shell(session: session, format: display.format, terminal: display.terminal)
        try parameters.apply(to: session, shell)
        guard listsParameters || onlyChecks else {
            return try leave(
                shell.replay(recipe: file, recordingTo: out ?? newFolder(), savingTo: saving.files, reusing: !fresh))
        }
        let diagnostics: [Diagnostic]
        if listsParameters {
            let checked = session.check(recipe: file)
            diagnostics = checked.diagnostics
            shell.show(.table(Session.table(of: checked.parameters)))
        } else {
            let dry = session.dryRun(recipe: file)
            diagnostics = dry.diagnostics
            if let reply = dry.reply { shell.show(reply) }
        }
        for diagnostic in diagnostics { shell.show(diagnostic) }
        try leave(diagnostics.first.map { ExitStatus($0.code) } ?? .ok)
    }

    /// `runs/NAME-DATE-TIME`, numbered where that exists.
    private func newFolder() -> String {
        let name = URL(filePath: file).deletingPathExtension().lastPathComponent
        let now = Calendar.current.dateComponents([.year, .month, .day, .hour, .minute, .second], from: Date())
        func two(_ value: Int?) -> String { String(format: "%02d", value ?? 0) }
        let date = "\(now.year ?? 0)\(two(now.month))\(two(now.day))"
        let time = "\(two(now.hour))\(two(now.minute))\(two(now.second))"
        let first = "runs/\(name)-\(date)-\(time)"
        let candidates = [first] + (2...99).map { "\(first)-\($0)" }
        return candidates.first { !FileManager.default.fileExists(atPath: $0) } ?? first
    }
}
