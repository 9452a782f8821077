import Foundation
import Language
import Rendering

/// `list [KIND]`
public struct ListCommand: Command {
    public let name = "list"
    public let otherNames = ["ls", "dir", "ps", "tables"]
    public let summary = "list handles, or the variables, parameters and settings"
    public let slots = [
        Slot(
            "what",
            .choice(
                ["handles", "models", "runs", "variables", "params", "settings"] + HandleKind.allCases.map(\.rawValue)),
            "handles, all or of one kind, models that can be loaded, recorded runs in ./runs, variables, params or settings",
            count: .optional)
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
        case "runs": return Outcome(.table(Self.runs(in: session)))
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

    /// The recorded runs in `./runs`, the oldest first.
    private static func runs(in session: Session) -> Table {
        let folder = session.context.absolute("runs")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let runs = names.compactMap { name in (try? RecordedRun("\(folder)/\(name)")).map { (name: name, run: $0) } }
        let rows = runs.sorted { ($0.run.started, $0.name) < ($1.run.started, $1.name) }.map { name, run in
            let parameters = run.parameters.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
            return [
                Scalar.text("./runs/" + name), .text(run.started), .number(run.seconds), .integer(run.status),
                .text(String(run.recipeHash.prefix(8))), .text(parameters),
            ]
        }
        return Table(
            columns: ["run", "started", Column("seconds", style: .significant(3)), "status", "recipe", "parameters"],
            rows: rows)
    }

    private func handles(of kind: HandleKind?, _ session: Session) -> Table {
        let entries = session.bindings.entries.filter { kind == nil || $0.handle.kind == kind }
        let rows = entries.map { entry in
            let content = entry.handle.content
            return [
                Scalar.text(entry.handle.name), .text(entry.handle.kindText), .text(content?.summary ?? ""),
                .text(session.marks(of: entry)),
            ]
        }
        return Table(columns: ["handle", "kind", "what it is", "marks"], rows: rows)
    }
}
