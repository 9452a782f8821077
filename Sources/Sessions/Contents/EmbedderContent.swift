internal import Rendering
internal import Towers

/// A frozen embedder, loaded.
struct EmbedderContent: HandleContent {
    let kind = HandleKind.embedder
    let embedder: any TextEmbedder

    var fields: Fields { ["dimension": .integer(embedder.dimension), "hash": .text(embedder.hash)] }
    var summary: String {
        "\(embedder.name): \(embedder.dimension) values a text, \(embedder.preprocessing.pooling) pooling"
    }
}
