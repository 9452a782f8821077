public import Language
import Foundation

/// `include FILE`; the session runs the file's statements, this declares and checks the verb.
public struct IncludeCommand: Command {
    public let name = "include"
    public let otherNames = ["source", "run", "read"]
    public let summary = "run the statements of another recipe here"
    public let slots = [Slot("recipe", .text, "a .pcl or .md file; a relative path starts at the including file")]
    public let examples = ["include ./common.pcl", "include common.pcl"]
    public let seeAlso = ["param"]

    public func check(_ arguments: Arguments, in context: CheckContext) throws(Diagnostic) {
        guard let path = Self.path(arguments, in: context), !FileManager.default.fileExists(atPath: path) else {
            return
        }
        throw arguments.diagnostic(.missingFile, "there is no file \(path)", at: "recipe")
    }

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome { Outcome() }

    /// The file's absolute path; a prompt or `-c` has no file, there the working directory counts.
    static func path(_ arguments: Arguments, in context: CheckContext) -> String? {
        guard let written = arguments.text("recipe") else { return nil }
        let including = context.absolute(arguments.source.name)
        let isFile = arguments.source.prompt == nil && FileManager.default.fileExists(atPath: including)
        let folder = isFile ? (including as NSString).deletingLastPathComponent : context.workingDirectory
        return CheckContext.absolute(written, from: folder)
    }
}
