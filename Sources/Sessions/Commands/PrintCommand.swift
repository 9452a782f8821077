import Language
import Rendering

/// `print VALUE...`
public struct PrintCommand: Command {
    public let name = "print"
    public let otherNames = ["echo", "say"]
    public let summary = "show values: text, numbers, handles, fields of results"
    public let slots = [Slot("value", .anything, "what to show", count: .any)]
    public let examples = ["print \"two and two are\" (2 + 2)", "print r.mean_recall teacher"]
    public let seeAlso = ["show", "let"]

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        let words = (arguments.list("value") ?? []).map { argument in
            switch argument {
            case .value(let value): value.interpolated
            case .handle(let handle): handle.content.map { "\(handle.name): \($0.summary)" } ?? handle.name
            default: ""
            }
        }
        return Outcome(.note(words.joined(separator: " ")))
    }
}
