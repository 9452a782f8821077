internal import Rendering
internal import Tensors

/// What `embed` makes: a vector for each text or picture.
struct EmbeddingsContent: HandleContent, @unchecked Sendable {
    // The tensor is never written after it was made.
    let kind = HandleKind.embeddings
    /// [N, d]
    let vectors: Tensor
    let origin: String

    var fields: Fields { ["n": .integer(vectors.shape[0]), "dimension": .integer(vectors.shape[1])] }
    var summary: String { "\(vectors.shape[0]) vectors of \(vectors.shape[1]) values: \(origin)" }
}
