import Rendering

/// `%reset`
public struct ResetCommand: Command {
    public let name = "%reset"
    public let otherNames = ["%clear"]
    public let summary = "forget all handles, variables and kept statements; settings and history stay"
    public let examples = ["%reset"]
    public let seeAlso = ["drop", "%who"]
    public let isKept = false

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        let count = session.bindings.entries.count
        (session.bindings, session.variables, session.parameters) = (Bindings(), [:], [])
        (session.transcript, session.lesson) = (Transcript(), nil)
        return Outcome(.note("\(count) handle\(count == 1 ? "" : "s") forgotten"))
    }
}
