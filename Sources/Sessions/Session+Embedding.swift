internal import ProCLIP
internal import Tensors
internal import Towers

extension Session {
    /// The vectors of texts `[N, d]`, from the session's cache as far as it has them, and how many it had.
    func embed(_ texts: [String], with embedder: any TextEmbedder) throws -> (vectors: Tensor, cached: Int) {
        if let stored = embedder as? StoredEmbedder {
            var vectors = Tensor([], shape: [0, stored.dimension])
            try stored.embed(texts) { vectors = $1 }
            return (vectors, texts.count)
        }
        let cache = EmbeddingCache(folder: places.cache, opened: openedEmbeddings, warn: log)
        var cached = texts.count
        let vectors = try cache.embeddings(of: texts, with: embedder, stop: stop) { [progress] point in
            cached = point.cached
            progress(Progress(label: "embed", step: point.done, total: point.total, samplesPerStep: 1))
        }
        return (vectors, cached)
    }

    /// The vectors alone; how many texts lost their end is told on the way.
    func vectors(of texts: [String], by embedder: any TextEmbedder) throws -> Tensor {
        tellCut(embedder.countOfCut(texts), by: embedder.name)
        return try embed(texts, with: embedder).vectors
    }

    /// Tells how many texts were too long for a model, if any.
    func tellCut(_ count: Int, by model: String) {
        if let sentence = Self.cutSentence(count) { log("\(model): \(sentence)") }
    }

    static func cutSentence(_ count: Int) -> String? {
        switch count {
        case 0: nil
        case 1: "1 text was too long and lost its end"
        default: "\(count) texts were too long and lost their end"
        }
    }
}
