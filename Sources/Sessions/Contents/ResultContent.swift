internal import Rendering

/// Numbers that `eval` and `compare` answer.
struct ResultContent: HandleContent {
    let kind = HandleKind.result
    let fields: Fields
    let summary: String
}
