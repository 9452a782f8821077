import Language
import Rendering

/// `quit`
public struct QuitCommand: Command {
    public let name = "quit"
    public let otherNames = ["exit", "bye", "logout", "q"]
    public let isKept = false
    public let summary = "leave the session; a recipe ends here"
    public let examples = ["quit"]

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        session.isFinished = true
        return Outcome()
    }
}
