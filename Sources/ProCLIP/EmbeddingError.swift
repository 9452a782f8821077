/// Why texts have no embeddings.
public enum EmbeddingError: Error, Equatable, CustomStringConvertible {
    /// The user stopped the run; what was computed is kept.
    case interrupted(done: Int, total: Int)
    /// The same of features, which no cache keeps.
    case stopped(done: Int, total: Int)
    case notFinite(text: String, model: String)
    /// A text of which vectors that were computed before know nothing.
    case unknown(text: String, model: String)

    public var description: String {
        switch self {
        case .interrupted(let done, let total):
            "embedding stopped at \(done) of \(total) texts; these are kept, the same command continues there"
        case .stopped(let done, let total): "stopped at \(done) of \(total) features; the statement has no result"
        case .notFinite(let text, let model):
            "\(model) gives no finite vector for the text \"\(text.prefix(80))\"; fetch the model again"
        case .unknown(let text, let model):
            "\(model) holds vectors that were computed before, and none of \"\(text.prefix(80))\"; embed it with the model that "
                + "made them, or load only what they are of"
        }
    }
}
