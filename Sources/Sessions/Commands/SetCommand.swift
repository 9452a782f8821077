import Language
import Rendering

/// `set KEY=VALUE...`
public struct SetCommand: Command {
    public let name = "set"
    public let otherNames = ["option", "config", "pwd", "%pwd", "%cd", "cd"]
    public let summary = "change settings of the session, or list them"
    public let keys = [
        Key("cache", .newFolder, default: .none("unchanged"), "the folder of the embedding cache"),
        Key("weights", .list(.existingPath), default: .none("unchanged"), "the folders in which models are sought"),
        Key("folder", .existingPath, default: .none("unchanged"), "the working directory"),
        Key(
            "tolerance", .number(0...1), default: .none("unchanged"),
            "how far decimals may differ, relative to their size, when check compares the outputs that follow"),
    ]
    public let examples = ["set cache=./out/cache", "set"]
    public let seeAlso = ["list"]

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        if let path = arguments.path("cache") { session.places.cache = path }
        if let paths = arguments.list("weights") {
            session.places.weights = paths.compactMap { if case .path(let path) = $0 { path } else { nil } }
        }
        if let path = arguments.path("folder") {
            session.workingDirectory = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        }
        if let tolerance = arguments.number("tolerance") { session.tolerance = tolerance }
        return Outcome(.table(Self.table(session, of: arguments.given)))
    }

    /// The settings, or those that a statement has changed.
    static func table(_ session: Session, of changed: Set<String> = []) -> Table {
        let context = session.context
        let rows: [(name: String, value: Scalar)] = [
            ("cache", .text(context.shown(session.places.cache))),
            ("weights", .text(session.places.weights.map(context.shown).joined(separator: ", "))),
            ("folder", .text(context.shown(session.workingDirectory))),
            ("tolerance", .number(session.tolerance)),
        ]
        return Table(
            columns: ["setting", "value"],
            rows: rows.filter { changed.isEmpty || changed.contains($0.name) }.map { [.text($0.name), $0.value] })
    }
}
