/// SentencePiece's byte-pair encoding: whatever together is a piece merges, by the pieces' scores.
struct ScoredPieceModel: PieceModel {
    private let table: PieceTable
    private let scores: [Float]
    private let unknown: Int32?
    private let bytePieces: BytePieces?

    /// - Parameters:
    ///   - table: the pieces that are merged into.
    ///   - scores: by id.
    ///   - unknown: stands for a character that is no piece; a row of them is one.
    ///   - bytePieces: spell such a character, where there is one for each of its bytes.
    init(table: PieceTable, scores: [Float], unknown: Int32?, bytePieces: BytePieces?) {
        (self.table, self.scores, self.unknown, self.bytePieces) = (table, scores, unknown, bytePieces)
    }

    func append(_ word: UnsafeRawBufferPointer, to ids: inout [Int32]) {
        var symbols: [PieceSymbol] = []
        symbols.reserveCapacity(word.count)
        var start = 0
        while start < word.count {
            var end = start + 1
            while end < word.count, word[end] & 0xc0 == 0x80 { end += 1 }
            let id = table.id(of: UnsafeRawBufferPointer(rebasing: word[start..<end])) ?? -1
            symbols.append(PieceSymbol(id: id, start: start, count: end - start))
            start = end
        }
        var wasUnknown = false
        for symbol in PieceMerger.merge(symbols, ScoredPieces(table: table, scores: scores, text: word)) {
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
