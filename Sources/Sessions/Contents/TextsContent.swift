internal import Rendering

/// Lines of text.
struct TextsContent: HandleContent {
    let kind = HandleKind.texts
    let texts: [String]

    var fields: Fields { ["n_texts": .integer(texts.count)] }
    var summary: String { "\(texts.count) texts" }
}
