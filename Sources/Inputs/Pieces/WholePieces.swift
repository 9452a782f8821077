internal import Foundation

/// Texts that are one token wherever they stand: names of marks, user-defined pieces, added tokens.
struct WholePieces: Sendable {
    private let table: PieceTable
    private let ids: [Int32]
    /// Their lengths by their first byte, longest first.
    private let lengths: [[Int]]

    init(_ pieces: [(text: [UInt8], id: Int32)]) {
        let pieces = pieces.filter { !$0.text.isEmpty }
        table = PieceTable(pieces.map { Data($0.text) }) { _ in true }
        ids = pieces.map(\.id)
        var lengths = [Set<Int>](repeating: [], count: 256)
        for piece in pieces { lengths[Int(piece.text[0])].insert(piece.text.count) }
        self.lengths = lengths.map { $0.sorted(by: >) }
    }

    /// A part of a text.
    enum Part {
        case whole(Int32)
        case stretch(Range<Int>)
    }

    /// A text's parts in order: of such texts the leftmost and longest, and the stretches between.
    func parts(of bytes: UnsafeRawBufferPointer) -> [Part] {
        var parts: [Part] = []
        var (start, position) = (0, 0)
        while position < bytes.count {
            guard let (id, count) = piece(in: bytes, at: position) else {
                position += 1
                continue
            }
            if start < position { parts.append(.stretch(start..<position)) }
            parts.append(.whole(id))
            position += count
            start = position
        }
        if start < position { parts.append(.stretch(start..<position)) }
        return parts
    }

    private func piece(in bytes: UnsafeRawBufferPointer, at position: Int) -> (id: Int32, count: Int)? {
        for count in lengths[Int(bytes[position])] where position + count <= bytes.count {
            if let place = table.id(of: UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])) {
                return (ids[Int(place)], count)
            }
        }
        return nil
    }
}
