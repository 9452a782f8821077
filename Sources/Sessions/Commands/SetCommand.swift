import Language
import Rendering

/// `set KEY=VALUE...`
public struct SetCommand: Command {
    public let name = "set"
    public let summary = "change settings of the session, or list them"
    public let keys = [
        Key("cache", .newFolder, default: .none("unchanged"), "the folder of the embedding cache"),
        Key("weights", .list(.existingPath), default: .none("unchanged"), "the folders in which models are sought"),
        Key("folder", .existingPath, default: .none("unchanged"), "the working directory"),
    ]
    public let examples = ["set cache=./out/cache", "set"]
    public let seeAlso = ["list"]

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        if let path = arguments.path("cache") { session.places.cache = path }
        if let paths = arguments.list("weights") {
            session.places.weights = paths.compactMap { if case .path(let path) = $0 { path } else { nil } }
        }
        if let path = arguments.path("folder") { session.workingDirectory = path }
        return Outcome(.table(Self.table(session)))
    }

    static func table(_ session: Session) -> Table {
        Table(
            columns: ["setting", "value"],
            rows: [
                ["cache", .text(session.places.cache)],
                ["weights", .text(session.places.weights.joined(separator: ", "))],
                ["folder", .text(session.workingDirectory)],
            ])
    }
}
