internal import Foundation

/// A neighbour of other symbols in a text: a piece, or -1 for a character that is none.
struct PieceSymbol {
    var id: Int32
    /// Its bytes in the text.
    var start: Int
    var count: Int
}

/// Which neighbours of a text may become one piece, and which first.
protocol MergeRule {
    /// The piece that two neighbours make, and its score: the higher the earlier. nil where they do not go together.
    func merged(_ left: PieceSymbol, _ right: PieceSymbol) -> (id: Int32, score: Float)?
}

/// SentencePiece: whatever together is a piece, by the piece's score.
struct ScoredPieces: MergeRule {
    let table: PieceTable
    let scores: [Float]
    let text: UnsafeRawBufferPointer

    func merged(_ left: PieceSymbol, _ right: PieceSymbol) -> (id: Int32, score: Float)? {
        table.id(of: UnsafeRawBufferPointer(rebasing: text[left.start..<right.start + right.count])).map {
            ($0, scores[Int($0)])
        }
    }
}

/// A list of merges, the first first.
struct RankedMerges: MergeRule, Sendable {
    /// Open addressing: `left << 32 | right`, or -1; a power of two, at most half full.
    private var pairs: [Int64]
    private var products: [(id: Int32, rank: Int32)]

    init(capacity: Int) {
        var size = 16
        while size < 2 * capacity { size *= 2 }
        pairs = [Int64](repeating: -1, count: size)
        products = [(Int32, Int32)](repeating: (-1, 0), count: size)
    }

    /// Adds a merge of two pieces into a third; of equal ones the last counts. There is room for `capacity` of them.
    mutating func add(_ left: Int32, _ right: Int32, into product: Int32, rank: Int) {
        let slot = slot(of: Self.key(left, right))
        pairs[slot] = Self.key(left, right)
        products[slot] = (product, Int32(rank))
    }

    private static func key(_ left: Int32, _ right: Int32) -> Int64 { Int64(left) << 32 | Int64(right) }

    /// Where a pair stands, or would.
    private func slot(of key: Int64) -> Int {
        let mixed = UInt64(bitPattern: key) &* 0x9e37_79b9_7f4a_7c15
        var slot = Int(truncatingIfNeeded: mixed >> 32) & (pairs.count - 1)
        while pairs[slot] >= 0, pairs[slot] != key { slot = (slot + 1) & (pairs.count - 1) }
        return slot
    }

    func merged(_ left: PieceSymbol, _ right: PieceSymbol) -> (id: Int32, score: Float)? {
        guard left.id >= 0, right.id >= 0 else { return nil }
        let slot = slot(of: Self.key(left.id, right.id))
        guard pairs[slot] >= 0 else { return nil }
        return (products[slot].id, -Float(products[slot].rank))
    }
}
