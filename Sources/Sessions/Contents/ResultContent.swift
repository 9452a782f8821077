internal import Rendering

/// What `eval`, `compare`, `classify` and `search` answer.
struct ResultContent: HandleContent {
    let kind = HandleKind.result
    let reply: Reply
    let summary: String
    /// The models that were judged, for `collect`.
    var judged: [JudgedRow] = []

    var shape: String { "\(reply.fields.names.count) numbers" }

    var fields: Fields { reply.fields }
}
