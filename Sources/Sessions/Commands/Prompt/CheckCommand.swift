internal import Language
import Rendering

/// `%check FILE`
public struct CheckCommand: Command {
    public let name = "%check"
    public let summary = "replay a recipe in a session of its own and compare its answers with those that it keeps"
    public let slots = [Slot("recipe", .existingPath, "a .pcl or .md file with outputs, as %save writes it")]
    public let examples = ["%check ./session.md", "%check ./common.pcl"]
    public let seeAlso = ["%save", "%run"]
    public let isKept = false

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        guard let path = arguments.path("recipe") else { return Outcome() }
        var failure: Diagnostic?
        let check = session.companion(in: session.workingDirectory).check(outputsOf: path, rewriting: false) { result in
            if case .failure(let diagnostic) = result.outcome { failure = failure ?? diagnostic }
        }
        if let failure { throw failure }
        let differences = check.mismatches.map { mismatch in
            Reply.Block.note(([mismatch.diagnostic.rendered()] + mismatch.differences).joined(separator: "\n"))
        }
        return Outcome(Reply(differences + [.note(check.summary)]))
    }
}
