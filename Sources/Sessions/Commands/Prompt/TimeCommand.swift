/// `%time STATEMENT`
public struct TimeCommand: Command {
    public let name = "%time"
    public let otherNames = ["%timeit"]
    public let summary = "run a statement and tell the time and the memory that it took"
    public let slots = [Slot("statement", .anything, "a verb with its values and options", count: .several)]
    public let examples = ["%time list", "%time show teacher"]
    public let seeAlso = ["%estimate"]
    public let takesStatement = true
    public let isKept = false

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome { Outcome() }
}
