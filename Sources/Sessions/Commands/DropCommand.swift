import Language
import Rendering

/// `drop HANDLE...`
public struct DropCommand: Command {
    public let name = "drop"
    public let otherNames = ["del", "rm", "delete", "unload", "free"]
    public let summary = "forget handles and free what they hold"
    public let slots = [Slot("handle", .handle([]), "a handle", count: .several)]
    public let examples = ["drop last", "drop e2"]
    public let seeAlso = ["list"]

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        for handle in arguments.handles("handle") { session.bindings.remove(handle.name) }
        return Outcome()
    }
}
