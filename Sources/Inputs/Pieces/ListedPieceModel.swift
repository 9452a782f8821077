/// Pieces that are looked up and never divided or merged: words or characters.
struct ListedPieceModel: PieceModel {
    /// What is looked up.
    enum Unit: Sendable {
        /// What the model is given.
        case stretch
        /// From each space, as SentencePiece writes it, to the next.
        case word
        case character
    }

    private let table: PieceTable
    private let unit: Unit
    private let writer: SymbolWriter

    init(table: PieceTable, unit: Unit, writer: SymbolWriter) {
        (self.table, self.unit, self.writer) = (table, unit, writer)
    }

    func append(_ word: UnsafeRawBufferPointer, to ids: inout [Int32]) {
        var symbols: [PieceSymbol] = []
        var start = 0
        while start < word.count {
            var end = start + 1
            while end < word.count, !isStart(end, of: word) { end += 1 }
            let id = table.id(of: UnsafeRawBufferPointer(rebasing: word[start..<end])) ?? -1
            symbols.append(PieceSymbol(id: id, start: start, count: end - start))
            start = end
        }
        writer.append(symbols, of: word, to: &ids)
    }

    private func isStart(_ place: Int, of word: UnsafeRawBufferPointer) -> Bool {
        switch unit {
        case .stretch: false
        case .word: word[place...].starts(with: PieceKind.space)
        case .character: word[place] & 0xc0 != 0x80
        }
    }
}
