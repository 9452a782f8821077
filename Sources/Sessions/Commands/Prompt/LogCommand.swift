internal import Archive
import Foundation
public import Language
import Rendering

/// `%log on|off [FILE]`
public struct LogCommand: Command {
    public let name = "%log"
    public let summary =
        "keep a transcript that is itself a recipe: what has succeeded so far, then each statement as it succeeds"
    public let slots = [
        Slot("switch", .choice(["on", "off"]), "whether to keep one"),
        Slot("file", .newPath, "where, ending in .pcl; by default proclip-log.pcl", count: .optional),
    ]
    public let examples = ["%log on ./out/log.pcl", "%log off"]
    public let seeAlso = ["%save"]
    public let isKept = false

    public func check(_ arguments: Arguments, in context: CheckContext) throws(Diagnostic) {
        guard let path = arguments.path("file"), !path.hasSuffix(".pcl") else { return }
        throw arguments.diagnostic(.unknownChoice, "a log is a plain recipe, its name ends in .pcl", at: "file")
    }

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        guard arguments.text("switch") == "on" else {
            session.transcriptLog = nil
            return Outcome()
        }
        let path = arguments.path("file") ?? session.context.absolute("proclip-log.pcl")
        do {
            try AtomicWrite.check(path)
            session.transcriptLog = try TranscriptLog(path, after: session.transcript)
        } catch { throw Diagnostic(error, in: arguments, at: "file") }
        return Outcome(.note("statements that succeed go to \(session.context.shown(path))"))
    }
}
