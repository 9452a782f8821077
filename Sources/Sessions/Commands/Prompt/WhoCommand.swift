import Rendering

/// `%who`
public struct WhoCommand: Command {
    public let name = "%who"
    public let otherNames = ["%whos"]
    public let summary = "list handles with their kind, shape and memory, and which are stale or paused"
    public let examples = ["%who"]
    public let seeAlso = ["list", "show", "%reset"]
    public let isKept = false

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        let rows = session.bindings.entries.map { entry in
            let content = entry.handle.content
            return [
                Scalar.text(entry.handle.name), .text(entry.handle.kindText), .text(content?.shape ?? ""),
                content?.byteCount.map { .text(Memory.text($0)) } ?? .missing, .text(session.marks(of: entry)),
            ]
        }
        let columns: [Column] = [
            "handle", "kind", "shape", Column("memory", alignment: .trailing), "marks",
        ]
        return Outcome(.table(Table(columns: columns, rows: rows)))
    }
}

extension Session {
    /// `stale` where something it was made from has changed since, and `paused`.
    func marks(of entry: Bindings.Entry) -> String {
        let marks = [
            bindings.isStale(entry) ? "stale" : nil, entry.handle.content?.isPaused == true ? "paused" : nil,
        ]
        return marks.compactMap { $0 }.joined(separator: ", ")
    }
}
