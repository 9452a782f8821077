internal import Language
import Rendering

/// `%history [COUNT]`
public struct HistoryCommand: Command {
    public let name = "%history"
    public let otherNames = ["%hist"]
    public let summary = "list what was typed in this session, with the numbers that %rerun and %edit take"
    public let slots = [Slot("count", .integer(1...1_000_000), "how many of the last lines", count: .optional)]
    public let examples = ["%history", "%history 10"]
    public let seeAlso = ["%rerun", "%edit", "%save"]
    public let isKept = false

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        let rows = session.inputs.suffix(arguments.integer("count") ?? .max)
            .map { [Scalar.integer($0.number), .text($0.typed)] }
        return Outcome(.table(Table(columns: ["In", "what was typed"], rows: rows)))
    }
}

extension Session {
    /// What was typed under a number. Throws a diagnostic that names the numbers there are.
    func input(_ number: Int, _ arguments: Arguments, at key: String) throws(Diagnostic) -> String {
        if let input = inputs.last(where: { $0.number == number }) { return input.text }
        throw arguments.diagnostic(
            .outOfBounds, "nothing was typed at In [\(number)]", at: key, help: "%history lists what was")
    }
}
