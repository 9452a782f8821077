import ArgumentParser
import Foundation
import Language
import Sessions
import Shell

/// The program: a shell, or statements from elsewhere. What it parses are only the words of the command line.
@main
struct Main: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "proclip",
        abstract: "Aligns CLIP's picture tower with the embeddings of a language model.",
        discussion: """
            Without arguments it opens a prompt; where standard input is no terminal it runs the statements that come in.
            In the shell, "help" lists the verbs.
            """,
        version: "proclip \(Session.version)",
        subcommands: [Replay.self, Check.self, Fetch.self, Docs.self])

    @Option(name: .customShort("c"), help: ArgumentHelp("Run these statements and leave.", valueName: "statements"))
    var statements: String?

    @Flag(name: .customLong("no-init"), help: "Do not run ~/.config/proclip/init.pcl before the first prompt.")
    var leavesOutInit = false

    @OptionGroup var display: DisplayOptions

    func run() throws {
        let terminal = display.terminal
        let shell = Shell(session: Session(), format: display.format, terminal: terminal)
        if let statements {
            try leave(shell.replay(Source(name: "-c", text: statements)))
        } else if terminal.inputIsTerminal {
            try leave(shell.converse(readsInitialFile: !leavesOutInit))
        } else {
            try leave(shell.replayStandardInput())
        }
    }

    /// As ArgumentParser's own, but a wrong command line ends with status 2.
    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let status as ExitCode {
            Foundation.exit(status.rawValue)
        } catch  where exitCode(for: error) == .success {
            print(fullMessage(for: error))
        } catch {
            var message = fullMessage(for: error)
            if let file = CommandLine.arguments.dropFirst().first, FileManager.default.fileExists(atPath: file) {
                message += "\n  To replay a recipe write: proclip run \(file)"
            }
            FileHandle.standardError.write(Data((message + "\n").utf8))
            Foundation.exit(ExitStatus.usage.rawValue)
        }
    }
}

/// Ends the program with a status.
func leave(_ status: ExitStatus) throws {
    if status != .ok { throw ExitCode(status.rawValue) }
}
