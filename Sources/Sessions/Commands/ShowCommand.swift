import Language
import Rendering

/// `show HANDLE...`
public struct ShowCommand: Command {
    public let name = "show"
    public let otherNames = ["describe", "cat"]
    public let summary = "show what handles hold: kind, fields, the statement that made them; of a model its parts"
    public let slots = [Slot("handle", .handle([]), "a handle", count: .several)]
    public let examples = ["show teacher", "show last"]
    public let seeAlso = ["list", "print"]

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        var reply = Reply()
        for handle in arguments.handles("handle") {
            guard let entry = session.bindings[handle.name], let content = entry.handle.content else { continue }
            var rows: [[Scalar]] = [
                ["kind", .text(content.kind.rawValue)], ["what it is", .text(content.summary)],
                ["made by", .text(entry.statement)],
            ]
            if session.bindings.isStale(entry) { rows.append(["stale", "made from something that has changed since"]) }
            if content.isPaused { rows.append(["paused", .text("resume \(handle.name) continues it")]) }
            rows += content.fields.map { [.text($0), $1] }
            reply.blocks.append(.table(Table(title: handle.name, columns: ["field", "value"], rows: rows)))
            if let parts = ModelParts(content, in: session.workingDirectory) {
                reply.blocks += [.diagram(parts.diagram), .table(parts.table)]
            }
            reply.fields.append(content.fields, under: arguments.handles("handle").count > 1 ? handle.name : nil)
        }
        return Outcome(reply)
    }
}
