import Foundation

/// `%run FILE`
public struct RunCommand: Command {
    public let name = "%run"
    public let summary = "run a recipe in this session"
    public let slots = [Slot("recipe", .existingPath, "a .pcl or .md file")]
    public let examples = ["%run ./common.pcl", "%run ./session.md"]
    public let seeAlso = ["include", "%check"]
    public let isKept = false

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        guard let path = arguments.path("recipe") else { return Outcome() }
        var outcome = Outcome()
        outcome.next = try Session.recipe(path)
        return outcome
    }
}
