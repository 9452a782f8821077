import ArgumentParser
import Foundation
import Language
import Sessions
import Shell

/// `proclip run`: replays a recipe.
struct Replay: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Replay a recipe; it is checked as a whole before its first statement runs.")

    @ArgumentParser.Argument(help: "A recipe: .pcl, or .md with proclip fences.")
    var file: String

    @Option(
        name: .customShort("p"), parsing: .singleValue,
        help: ArgumentHelp("Set a parameter of the recipe; may be repeated.", valueName: "key=value"))
    var parameters: [String] = []

    @Option(
        help: ArgumentHelp(
            "The folder for the record of the run; by default a new one in ./runs.", valueName: "folder"))
    var out: String?

    @Flag(name: .customLong("params"), help: "List the recipe's parameters instead.")
    var listsParameters = false

    @Flag(name: .customLong("dry"), help: "Only check the recipe.")
    var onlyChecks = false

    @OptionGroup var display: DisplayOptions

    func run() throws {
        let session = Session()
        let shell = Shell(session: session, format: display.format, terminal: display.terminal)
        do throws(Diagnostic) {
            for assignment in parameters { try session.override(assignment) }
        } catch {
            shell.show(error)
            return try leave(ExitStatus(error.code))
        }
        guard listsParameters || onlyChecks else {
            return try leave(shell.replay(recipe: file, recordingTo: out ?? newFolder()))
        }
        let checked = session.check(recipe: file)
        for diagnostic in checked.diagnostics { shell.show(diagnostic) }
        if listsParameters { shell.show(.table(Session.table(of: checked.parameters))) }
        try leave(checked.diagnostics.first.map { ExitStatus($0.code) } ?? .ok)
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
