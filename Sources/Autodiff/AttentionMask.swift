/// Which keys a query may attend to.
public enum AttentionMask: Equatable, Sendable {
    /// All of them.
    case none
    /// Those up to its own position.
    case causal
    /// The first `lengths[b]` of its sequence; the rest is padding.
    case lengths([Int])

    /// The number of leading keys that sequence `index` of `tokens` may see.
    func visible(_ index: Int, of tokens: Int) -> Int {
        if case .lengths(let lengths) = self { lengths[index] } else { tokens }
    }
}
