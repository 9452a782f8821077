/// `%estimate STATEMENT`
public struct EstimateCommand: Command {
    public let name = "%estimate"
    public let summary =
        "tell the time and the memory that a statement will take: it is tried for a moment, and what that makes is dropped"
    public let slots = [Slot("statement", .anything, "a verb with its values and options", count: .several)]
    public let examples = [
        "%estimate eval teacher on=test", "%estimate distill llm to=teacher data=train preset=pico epochs=100 as s1",
    ]
    public let seeAlso = ["%time", "tune"]
    public let takesStatement = true
    public let isKept = false

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome { Outcome() }
}
