import Language
import Rendering

/// `list [KIND]`
public struct ListCommand: Command {
    public let name = "list"
    public let summary = "list handles, or the variables, parameters and settings"
    public let slots = [
        Slot(
            "what",
            .choice(["handles", "models", "variables", "params", "settings"] + HandleKind.allCases.map(\.rawValue)),
            "handles, all or of one kind, models that can be loaded, variables, params or settings", count: .optional)
    ]
    public let examples = ["list", "list settings"]
    public let seeAlso = ["show", "drop", "set"]

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        switch arguments.text("what") ?? "handles" {
        case "models":
            let rows = LoadCommand.loaders.flatMap { loader in
                loader.names(in: session.context).sorted().map { [Scalar.text($0), .text(loader.kind.rawValue)] }
            }
            return Outcome(.table(Table(columns: ["model", "kind"], rows: rows)))
        case "variables":
            let rows = session.variables.sorted { $0.key < $1.key }
                .map { [Scalar.text("$" + $0.key), .text($0.value.canonical)] }
            return Outcome(.table(Table(columns: ["variable", "value"], rows: rows)))
        case "params":
            return Outcome(.table(Session.table(of: session.parameters)))
        case "settings":
            return Outcome(.table(SetCommand.table(session)))
        case let word: return Outcome(.table(handles(of: HandleKind(rawValue: word), session)))
        }
    }

    private func handles(of kind: HandleKind?, _ session: Session) -> Table {
        let entries = session.bindings.entries.filter { kind == nil || $0.handle.kind == kind }
        let rows = entries.map { entry in
            let content = entry.handle.content
            let marks = [session.bindings.isStale(entry) ? "stale" : nil, content?.isPaused == true ? "paused" : nil]
            return [
                Scalar.text(entry.handle.name), .text(entry.handle.kindText), .text(content?.summary ?? ""),
                .text(marks.compactMap { $0 }.joined(separator: ", ")),
            ]
        }
        return Table(columns: ["handle", "kind", "what it is", "marks"], rows: rows)
    }
}
