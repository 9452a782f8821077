/// How a stretch of text becomes pieces of a vocabulary.
protocol PieceModel: Sendable {
    /// Appends the ids of a stretch, given by its UTF-8 bytes.
    func append(_ word: UnsafeRawBufferPointer, to ids: inout [Int32])
}

/// Pieces that stand for one byte each, for characters that a vocabulary lacks.
struct BytePieces: Sendable {
    /// By byte; -1 for none.
    private let ids: [Int32]

    init(_ id: (UInt8) -> Int32?) { ids = (UInt8.min...UInt8.max).map { id($0) ?? -1 } }

    /// `<0x41>` and so on.
    init(in table: PieceTable) {
        self.init { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return table.id(of: Array("<0x\(byte < 16 ? "0" : "")\(digits)>".utf8))
        }
    }

    /// Appends a piece for each byte, unless one of them has none.
    func append(_ bytes: UnsafeRawBufferPointer, to ids: inout [Int32]) -> Bool {
        guard bytes.allSatisfy({ self.ids[Int($0)] >= 0 }) else { return false }
        for byte in bytes { ids.append(self.ids[Int(byte)]) }
        return true
    }
}

/// Writes symbols as ids, as SentencePiece does: what is no piece is spelled by its bytes where there is a piece for each,
/// or else a row of it is one unknown piece.
struct SymbolWriter: Sendable {
    /// nil leaves out what is unknown.
    let unknown: Int32?
    var bytePieces: BytePieces?

    /// - `word`: the text of which the symbols are parts.
    func append(_ symbols: some Sequence<PieceSymbol>, of word: UnsafeRawBufferPointer, to ids: inout [Int32]) {
        var wasUnknown = false
        for symbol in symbols {
            if symbol.id >= 0 {
                ids.append(symbol.id)
                wasUnknown = false
                continue
            }
            let bytes = UnsafeRawBufferPointer(rebasing: word[symbol.start..<symbol.start + symbol.count])
            if bytePieces?.append(bytes, to: &ids) == true { continue }
            if !wasUnknown, let unknown { ids.append(unknown) }
            wasUnknown = true
        }
    }
}
