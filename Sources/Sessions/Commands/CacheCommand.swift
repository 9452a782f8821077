import Foundation
public import Language
internal import Rendering

/// `cache [clear=[PART, ...]] [days=N]`
public struct CacheCommand: Command {
    /// What is kept, by the name of its folder.
    private static let parts: [(name: String, meaning: String)] = [
        ("embeddings", "vectors of texts: a frozen model reads none twice"),
        ("trained", "finished trainings for replays, at most \(Memory.text(TrainedStore.limit))"),
        ("checkpoints", "the last ones of trainings that no run recorded"),
        ("models", "what fetch has downloaded"), ("debian", "what prepare pictures has downloaded"),
    ]

    public let name = "cache"
    public let otherNames = ["clean", "purge", "prune", "du"]
    public let summary = "show what is kept on disk between sessions, and how much, or empty parts"
    public let keys = [
        Key(
            "clear", .list(.choice(parts.map(\.name))), default: .none("nothing"),
            "the parts whose files are removed: what is needed again is computed or downloaded again"),
        Key(
            "days", .integer(0...100_000), default: .value(.number(0)),
            "of what is cleared only files that were written at least so many days ago"),
    ]
    public let examples = ["cache", "cache clear=trained days=30"]
    public let seeAlso = ["set", "embed", "fetch", "prepare"]

    public func check(_ arguments: Arguments, in context: CheckContext) throws(Diagnostic) {
        guard arguments.given.contains("days"), !arguments.given.contains("clear") else { return }
        throw arguments.diagnostic(
            .contradiction, "days= belongs to clear=: the parts whose old files are removed", at: "days",
            help: "write clear=trained days=30")
    }

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        let limit = Date(timeIntervalSinceNow: -86_400 * Double(arguments.integer("days") ?? 0))
        var removed = 0
        for part in arguments.texts("clear") ?? [] {
            for file in KeptFile.below(folder(part, in: session)) where file.date <= limit {
                do { try FileManager.default.removeItem(atPath: file.path) } catch {
                    throw arguments.diagnostic(
                        .failedWork, "\(session.context.shown(file.path)) cannot be removed", at: "clear")
                }
                removed += file.byteCount
            }
        }
        var fields = Fields()
        let rows = Self.parts.map { name, meaning in
            let folder = folder(name, in: session)
            let files = KeptFile.below(folder)
            let bytes = files.map(\.byteCount).reduce(0, +)
            fields["\(name).bytes"] = .integer(bytes)
            fields["\(name).n_files"] = .integer(files.count)
            return [
                Scalar.text(name), .integer(files.count), .text(Memory.text(bytes)),
                .text(session.context.shown(folder)), .text(meaning),
            ]
        }
        let table = Table(
            columns: ["part", "files", Column("size", alignment: .trailing), "folder", "what it is"], rows: rows)
        guard arguments.given.contains("clear") else { return Outcome(.table(table, fields: fields)) }
        fields["removed_bytes"] = .integer(removed)
        return Outcome(Reply([.note("\(Memory.text(removed)) removed"), .table(table)], fields: fields))
    }

    private func folder(_ part: String, in session: Session) -> String {
        switch part {
        case "embeddings": session.places.cache
        case "trained": session.places.trained
        case "checkpoints": session.places.checkpoints
        default: "\(session.places.downloads)/\(part)"
        }
    }
}
