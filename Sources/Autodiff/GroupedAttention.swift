/// What distinguishes the self-attention of a language model.
public struct GroupedAttention: Equatable, Sendable {
    /// H, the query heads, and a divisor of it: the heads of keys and values, each shared by H/K query heads.
    public let heads: Int
    public let keyHeads: Int
    /// Of the scores, by default E^-1/2.
    public let scale: Float?
    /// Scores s become cap · tanh(s / cap), as in Gemma 2.
    public let cap: Float?
    /// A token sees those before it; otherwise all of its sequence.
    public let isCausal: Bool
    /// A token sees those less than `window` away.
    public let window: Int?

    public init(
        heads: Int, keyHeads: Int, scale: Float? = nil, cap: Float? = nil, isCausal: Bool = true, window: Int? = nil
    ) {
        self.heads = heads
        self.keyHeads = keyHeads
        self.scale = scale
        self.cap = cap
        self.isCausal = isCausal
        self.window = window
    }

    /// The keys that the query at `row` of a sequence of `length` tokens sees.
    func visible(_ row: Int, length: Int) -> Range<Int> {
        let start = window.map { max(0, row + 1 - $0) } ?? 0
        let end = min(isCausal ? row + 1 : length, window.map { row + $0 } ?? length, length)
        return start..<max(start, end)
    }
}
