internal import Foundation

/// Which neighbours of a text may become one piece, and which first.
protocol MergeRule {
    /// The higher the earlier; nil where the two do not go together.
    func score(_ bytes: UnsafeRawBufferPointer, left: Range<Int>, right: Range<Int>) -> Float?
}

/// SentencePiece: whatever together is a piece, by the piece's score.
struct ScoredPieces: MergeRule {
    let table: PieceTable
    let scores: [Float]

    func score(_ bytes: UnsafeRawBufferPointer, left: Range<Int>, right: Range<Int>) -> Float? {
        table.id(of: UnsafeRawBufferPointer(rebasing: bytes[left.lowerBound..<right.upperBound])).map {
            scores[Int($0)]
        }
    }
}

/// A list of merges, the first first.
struct RankedMerges: MergeRule {
    let table: PieceTable
    /// By `left << 32 | right`.
    private let ranks: [UInt64: Int32]

    /// nil where a merge is not of two pieces.
    init?(_ merges: [(left: Data, right: Data)], table: PieceTable) {
        var ranks: [UInt64: Int32] = [:]
        ranks.reserveCapacity(merges.count)
        for (rank, merge) in merges.enumerated() {
            guard let left = merge.left.withUnsafeBytes(table.id), let right = merge.right.withUnsafeBytes(table.id)
            else {
                return nil
            }
            let key = Self.key(left, right)
            if ranks[key] == nil { ranks[key] = Int32(rank) }
        }
        (self.table, self.ranks) = (table, ranks)
    }

    private static func key(_ left: Int32, _ right: Int32) -> UInt64 { UInt64(left) << 32 | UInt64(right) }

    func score(_ bytes: UnsafeRawBufferPointer, left: Range<Int>, right: Range<Int>) -> Float? {
        guard let first = table.id(of: UnsafeRawBufferPointer(rebasing: bytes[left])),
            let second = table.id(of: UnsafeRawBufferPointer(rebasing: bytes[right])),
            let rank = ranks[Self.key(first, second)]
        else { return nil }
        return -Float(rank)
    }
}
