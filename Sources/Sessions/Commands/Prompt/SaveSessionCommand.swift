internal import Archive
import Foundation
public import Language
import Rendering

/// `%save FILE`
public struct SaveSessionCommand: Command {
    public let name = "%save"
    public let otherNames = ["%notebook"]
    public let summary = "write the statements that succeeded, with their answers, to a recipe or notebook"
    public let slots = [
        Slot(
            "file", .newPath,
            "ending in .pcl or .md (recipes that run and check), .ipynb (Jupyter) or .html (one page, plots within)")
    ]
    public let examples = ["%save ./out/session.md", "%save ./out/session.ipynb"]
    public let seeAlso = ["%log", "%check", "%history"]
    public let isKept = false

    public func check(_ arguments: Arguments, in context: CheckContext) throws(Diagnostic) {
        guard let path = arguments.path("file") else { return }
        do { _ = try Self.format(of: path) } catch {
            throw arguments.diagnostic(.unknownChoice, error.description, at: "file")
        }
    }

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        guard let path = arguments.path("file") else { return Outcome() }
        try session.saveTranscript(to: path)
        let count = session.transcript.entries.count
        return Outcome(.note("\(count) statement\(count == 1 ? "" : "s") in \(session.context.shown(path))"))
    }

    /// Throws `ArchiveError` for a name with another ending.
    static func format(of path: String) throws(ArchiveError) -> NotebookFormat {
        if let format = NotebookFormat(rawValue: URL(filePath: path).pathExtension.lowercased()) { return format }
        let endings = NotebookFormat.allCases.map { "." + $0.rawValue }.joined(separator: ", ")
        throw .foreign(path, expected: "a name that ends in \(endings)")
    }
}

extension Session {
    /// Throws `ArchiveError` where `saveTranscript` could not write.
    public func checkTranscript(to path: String) throws {
        _ = try SaveSessionCommand.format(of: path)
        try AtomicWrite.check(context.absolute(path))
    }

    /// Writes the transcript to a file whose ending says the form. Throws `ArchiveError`.
    public func saveTranscript(to path: String) throws {
        let format = try SaveSessionCommand.format(of: path)
        let notebook = transcript.notebook(title: URL(filePath: path).deletingPathExtension().lastPathComponent)
        try AtomicWrite.replace(context.absolute(path), with: Data(format.document(notebook).utf8))
    }
}
