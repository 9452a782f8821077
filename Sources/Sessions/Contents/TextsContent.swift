internal import Rendering

/// Lines of text.
struct TextsContent: HandleContent {
    let kind = HandleKind.texts
    let texts: [String]

    var fields: Fields { ["n_texts": .integer(texts.count)] }
    var shape: String { "\(texts.count) texts" }
    var byteCount: Int? { texts.map(\.utf8.count).reduce(0, +) }
    var summary: String { "\(texts.count) texts" }
}
