/// Byte-pair encoding (Sennrich et al., 2016): of all neighbours in a text that a rule lets merge, those with the highest
/// score first, the leftmost of equals.
///
/// A heap holds the candidates, so that a text of n characters takes n log n steps.
struct PieceMerger<Rule: MergeRule> {
    private let rule: Rule
    /// The symbols, linked: the count is 0 where a symbol went into its left neighbour.
    private var symbols: [PieceSymbol]
    private var links: [(previous: Int, next: Int)]
    private var heap: [Candidate] = []

    private struct Candidate {
        let score: Float
        let id: Int32
        let left: Int32
        let count: Int32

        func comes(before other: Candidate) -> Bool {
            score > other.score || score == other.score && left < other.left
        }
    }

    /// What is left of the symbols of a text when nothing merges any more.
    static func merge(_ symbols: [PieceSymbol], _ rule: Rule) -> [PieceSymbol] {
        if symbols.count < 2 { return symbols }
        var merger = PieceMerger(symbols, rule)
        merger.mergeAll()
        return merger.symbols.filter { $0.count > 0 }
    }

    private init(_ symbols: [PieceSymbol], _ rule: Rule) {
        (self.rule, self.symbols) = (rule, symbols)
        links = symbols.indices.map { ($0 - 1, $0 + 1 == symbols.count ? -1 : $0 + 1) }
        heap.reserveCapacity(symbols.count)
        for right in symbols.indices.dropFirst() { propose(right - 1, right) }
    }

    private mutating func mergeAll() {
        while let best = pop() {
            let left = Int(best.left)
            let right = links[left].next
            // A candidate one of whose symbols has grown or gone since is stale.
            guard symbols[left].count > 0, right >= 0, symbols[left].count + symbols[right].count == best.count else {
                continue
            }
            symbols[left].count += symbols[right].count
            symbols[left].id = best.id
            symbols[right].count = 0
            let next = links[right].next
            links[left].next = next
            if next >= 0 {
                links[next].previous = left
                propose(left, next)
            }
            if links[left].previous >= 0 { propose(links[left].previous, left) }
        }
    }

    private mutating func propose(_ left: Int, _ right: Int) {
        guard let (id, score) = rule.merged(symbols[left], symbols[right]) else { return }
        let count = Int32(truncatingIfNeeded: symbols[left].count + symbols[right].count)
        heap.append(Candidate(score: score, id: id, left: Int32(left), count: count))
        var child = heap.count - 1
        while child > 0, heap[child].comes(before: heap[(child - 1) / 2]) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private mutating func pop() -> Candidate? {
        guard let best = heap.first else { return nil }
        let last = heap.removeLast()
        if heap.isEmpty { return best }
        heap[0] = last
        var parent = 0
        while true {
            var first = parent
            for child in 2 * parent + 1..<2 * parent + 3
            where child < heap.count && heap[child].comes(before: heap[first]) {
                first = child
            }
            if first == parent { return best }
            heap.swapAt(parent, first)
            parent = first
        }
    }
}
