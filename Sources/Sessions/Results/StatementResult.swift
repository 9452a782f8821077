public import Language
public import Rendering

/// What became of one statement.
public struct StatementResult: Sendable {
    /// Counts the statements of a session from 1.
    public let n: Int
    public let verb: String
    /// What `as` called the result.
    public let name: String?
    public let seconds: Double
    /// The statement in full, canonical form; what was typed when it could not be read.
    public let statement: String
    public let outcome: Result<Reply, Diagnostic>
    /// Stopped by the user with something to continue from; nothing after it has run.
    public let isPaused: Bool

    public var status: ExitStatus {
        switch outcome {
        case .success: isPaused ? .interrupted : .ok
        case .failure(let diagnostic): ExitStatus(diagnostic.code)
        }
    }

    /// What it answered; nothing when it failed.
    var blocks: [Reply.Block] { (try? outcome.get())?.blocks ?? [] }
    var fields: Fields { (try? outcome.get())?.fields ?? [:] }

    /// One line of `--format json`.
    public var jsonLine: String {
        switch outcome {
        case .success(let reply):
            return JSONValue.object([
                ("n", .integer(n)), ("verb", .string(verb)), ("name", name.map(JSONValue.string) ?? .null),
                ("seconds", .number(seconds)), ("result", JSONFormat().value(reply)),
            ]).text
        case .failure(let diagnostic):
            let start = diagnostic.source.position(of: diagnostic.span.start)
            let end = diagnostic.source.position(of: diagnostic.span.end)
            let span = JSONValue.object([
                ("source", .string(diagnostic.source.name)), ("line", .integer(start.line)),
                ("column", .integer(start.column)), ("end_line", .integer(end.line)),
                ("end_column", .integer(end.column)),
            ])
            let error = JSONValue.object([
                ("code", .string(diagnostic.code.rawValue)), ("message", .string(diagnostic.message)), ("span", span),
                ("suggestions", .array(diagnostic.suggestions.map(JSONValue.string))),
            ])
            return JSONValue.object([("n", .integer(n)), ("error", error)]).text
        }
    }
}
