/// The pieces of a text whose scores have the greatest sum (Kudo, 2018, arXiv 1804.10959), by Viterbi's algorithm over
/// its bytes: linear in the length of the text.
struct UnigramModel: PieceModel {
    /// What the models of files differ in.
    struct Options: Sendable {
        /// Stands for characters that are no piece; a row of them is one.
        var unknown: Int32
        /// The score of a character that is no piece.
        var unknownScore: Double
        /// Spell what is unknown, where there are pieces for all of its bytes.
        var bytePieces: BytePieces?
        /// Whether sums are of single precision, as SentencePiece has them; they begin anew now and then to keep it.
        var isSingle = false
        /// Where sums begin: which of two equally good ways comes out ahead may depend on it.
        var startScore = 0.0
    }

    private static let stretch = 4096

    private let trie: PieceTrie
    /// By id.
    private let scores: [Double]
    private let options: Options

    /// The score of a text's best way.
    func score(of text: [UInt8]) -> Double { text.withUnsafeBytes { arrivals(in: $0)[text.count].score } }

    init(trie: PieceTrie, scores: [Double], options: Options) {
        (self.trie, self.scores, self.options) = (trie, scores, options)
    }

    /// The best way to a place in a text: its score, and the last piece on it with its beginning (-1 for no way yet).
    private struct Arrival {
        var score = 0.0
        var start = -1
        var id: Int32 = -1
    }

    func append(_ word: UnsafeRawBufferPointer, to ids: inout [Int32]) {
        let arrivals = arrivals(in: word)
        var path: [(id: Int32, range: Range<Int>)] = []
        var end = word.count
        while end > 0 {
            let arrival = arrivals[end]
            if arrival.id == options.unknown, path.last?.id == options.unknown {
                path[path.count - 1].range = arrival.start..<path[path.count - 1].range.upperBound
            } else {
                path.append((arrival.id, arrival.start..<end))
            }
            end = arrival.start
        }
        for (id, range) in path.reversed() {
            guard id == options.unknown, let bytePieces = options.bytePieces else {
                ids.append(id)
                continue
            }
            let bytes = UnsafeRawBufferPointer(rebasing: word[range])
            let whole = trie.node(of: bytes).flatMap(trie.id)
            if whole != nil || !bytePieces.append(bytes, to: &ids) { ids.append(whole ?? id) }
        }
    }

    private func arrivals(in word: UnsafeRawBufferPointer) -> [Arrival] {
        var arrivals = [Arrival](repeating: Arrival(), count: word.count + 1)
        arrivals[0].score = options.startScore
        var furthest = 0
        func arrive(at end: Int, from start: Int, _ id: Int32, _ score: Double) {
            let score = options.isSingle ? Double(Float(score)) : score
            guard arrivals[end].start < 0 || score > arrivals[end].score else { return }
            arrivals[end] = Arrival(score: score, start: start, id: id)
            furthest = max(furthest, end)
        }
        var (start, nextStretch) = (0, Self.stretch)
        while start < word.count {
            var next = start + 1
            while next < word.count, word[next] & 0xc0 == 0x80 { next += 1 }
            if options.isSingle, start >= nextStretch {
                nextStretch = start + Self.stretch
                let base = arrivals[start].score
                for end in start...furthest { arrivals[end].score = Double(Float(arrivals[end].score - base)) }
            }
            let score = arrivals[start].score
            var isCharacterKnown = false
            var (node, end) = (PieceTrie.root, start)
            while end < word.count, let child = trie.child(of: node, word[end]) {
                node = child
                end += 1
                guard let id = trie.id(at: node) else { continue }
                arrive(at: end, from: start, id, score + scores[Int(id)])
                if end == next { isCharacterKnown = true }
            }
            if !isCharacterKnown { arrive(at: next, from: start, options.unknown, score + options.unknownScore) }
            start = next
        }
        return arrivals
    }
}
