internal import ProCLIP
internal import Rendering

/// What `embed` makes: a vector for each text or picture.
struct EmbeddingsContent: HandleContent, @unchecked Sendable {
    // The tensor is never written after it was made.
    let kind = HandleKind.embeddings
    let embeddings: LabelledEmbeddings

    var fields: Fields {
        ["n": .integer(embeddings.labels.count), "dimension": .integer(embeddings.vectors.shape[1])]
    }
    var shape: String { embeddings.vectors.shape.description }
    var byteCount: Int? { embeddings.vectors.elementType.byteCount(of: embeddings.vectors.shape.count) }
    var summary: String {
        let count = embeddings.labels.count
        let things = (embeddings.role == .texts ? "text" : "picture") + (count == 1 ? "" : "s")
        return "\(count) \(things) by \(embeddings.model): \(embeddings.vectors.shape[1]) values each"
    }
}
