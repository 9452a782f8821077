internal import Rendering

/// Lines of text, or names of classes.
struct TextsContent: HandleContent {
    var kind = HandleKind.texts
    let texts: [String]

    var fields: Fields { ["n_texts": .integer(texts.count)] }
    var shape: String { summary }
    var byteCount: Int? { texts.map(\.utf8.count).reduce(0, +) }
    var summary: String { "\(texts.count) \(kind.rawValue)" }
}
