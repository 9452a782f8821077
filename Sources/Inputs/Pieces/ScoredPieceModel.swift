/// SentencePiece's byte-pair encoding: whatever together is a piece merges, by the pieces' scores.
struct ScoredPieceModel: PieceModel {
    private let table: PieceTable
    private let scores: [Float]
    private let isUnused: [Bool]
    private let writer: SymbolWriter

    /// - Parameters:
    ///   - table: the pieces that are merged into.
    ///   - scores: by id.
    ///   - isUnused: by id, of pieces that are merged into but taken apart again in the end; empty where there are none.
    ///   - writer: what becomes of characters that are no piece.
    init(table: PieceTable, scores: [Float], isUnused: [Bool] = [], writer: SymbolWriter) {
        (self.table, self.scores, self.writer) = (table, scores, writer)
        self.isUnused = isUnused.contains(true) ? isUnused : []
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
        let rule = ScoredPieces(table: table, scores: scores, text: word)
        guard !isUnused.isEmpty else { return writer.append(PieceMerger.merge(symbols, rule), of: word, to: &ids) }
        let noting = NotingRule(rule: rule, isUnused: isUnused)
        let merged = PieceMerger.merge(symbols, noting)
        writer.append(merged.flatMap { used($0, noting.splits) }, of: word, to: &ids)
    }

    /// A symbol, or those that it is taken apart into; an unused character is unknown.
    private func used(_ symbol: PieceSymbol, _ splits: NotingRule.Splits) -> [PieceSymbol] {
        guard symbol.id >= 0, isUnused[Int(symbol.id)] else { return [symbol] }
        guard let (left, right) = splits.parts[symbol.id] else {
            return [PieceSymbol(id: -1, start: symbol.start, count: symbol.count)]
        }
        return used(left, splits) + used(right, splits)
    }
}

/// Notes of which two symbols each unused piece was made, or would have been, last.
private struct NotingRule: MergeRule {
    let rule: ScoredPieces
    let isUnused: [Bool]
    let splits = Splits()

    final class Splits {
        var parts: [Int32: (left: PieceSymbol, right: PieceSymbol)] = [:]
    }

    func merged(_ left: PieceSymbol, _ right: PieceSymbol) -> (id: Int32, score: Float)? {
        let found = rule.merged(left, right)
        if let found, isUnused[Int(found.id)] { splits.parts[found.id] = (left, right) }
        return found
    }
}
