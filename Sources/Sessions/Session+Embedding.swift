internal import ProCLIP
internal import Tensors
internal import Towers

extension Session {
    /// The vectors of texts `[N, d]`, from the session's cache as far as it has them, and how many it had.
    func embed(_ texts: [String], with embedder: any TextEmbedder) throws -> (vectors: Tensor, cached: Int) {
        let cache = EmbeddingCache(folder: places.cache, warn: log)
        var cached = texts.count
        let vectors = try cache.embeddings(of: texts, with: embedder, stop: stop) { [progress] point in
            cached = point.cached
            progress(Progress(label: "embed", step: point.done, total: point.total, samplesPerStep: 1))
        }
        return (vectors, cached)
    }
}
