/// Byte-pair encoding (Sennrich et al., 2016): of all neighbours in a text that a rule lets merge, those with the highest
/// score first, the leftmost of equals.
///
/// A heap holds the candidates, so that a text of n characters takes n log n steps.
struct PieceMerger<Rule: MergeRule> {
    private let bytes: UnsafeRawBufferPointer
    private let rule: Rule
    /// The symbols, linked: `count` is 0 where a symbol went into its left neighbour.
    private var symbols: [Symbol] = []
    private var heap: [Candidate] = []

    private struct Symbol {
        var start: Int
        var count: Int
        var previous: Int
        var next: Int
    }

    private struct Candidate {
        let score: Float
        let left: Int
        let right: Int
        let count: Int

        func comes(before other: Candidate) -> Bool {
            score > other.score || score == other.score && left < other.left
        }
    }

    /// The byte ranges of the pieces of a UTF-8 text; one that is no piece is a single character, or a single byte where
    /// merging does not begin with characters.
    static func ranges(of bytes: UnsafeRawBufferPointer, byCharacter: Bool, _ rule: Rule) -> [Range<Int>] {
        var merger = PieceMerger(bytes: bytes, rule: rule)
        merger.split(byCharacter: byCharacter)
        merger.mergeAll()
        return merger.symbols.lazy.filter { $0.count > 0 }.map { $0.start..<$0.start + $0.count }
    }

    private init(bytes: UnsafeRawBufferPointer, rule: Rule) { (self.bytes, self.rule) = (bytes, rule) }

    private mutating func split(byCharacter: Bool) {
        var start = 0
        while start < bytes.count {
            var end = start + 1
            while byCharacter, end < bytes.count, bytes[end] & 0xc0 == 0x80 { end += 1 }
            symbols.append(
                Symbol(start: start, count: end - start, previous: symbols.count - 1, next: symbols.count + 1))
            start = end
        }
        if let last = symbols.indices.last { symbols[last].next = -1 }
        for right in symbols.indices.dropFirst() { propose(right - 1, right) }
    }

    private mutating func mergeAll() {
        while let best = pop() {
            let (left, right) = (symbols[best.left], symbols[best.right])
            // A candidate one of whose symbols has grown or gone since is stale.
            guard left.count > 0, right.count > 0, left.count + right.count == best.count else { continue }
            symbols[best.left].count = best.count
            symbols[best.left].next = right.next
            symbols[best.right].count = 0
            if right.next >= 0 {
                symbols[right.next].previous = best.left
                propose(best.left, right.next)
            }
            if left.previous >= 0 { propose(left.previous, best.left) }
        }
    }

    private mutating func propose(_ left: Int, _ right: Int) {
        let (first, second) = (symbols[left], symbols[right])
        let score = rule.score(
            bytes, left: first.start..<first.start + first.count, right: second.start..<second.start + second.count)
        guard let score else { return }
        heap.append(Candidate(score: score, left: left, right: right, count: first.count + second.count))
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
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && heap[child].comes(before: heap[first]) {
                first = child
            }
            if first == parent { return best }
            heap.swapAt(parent, first)
            parent = first
        }
    }
}
