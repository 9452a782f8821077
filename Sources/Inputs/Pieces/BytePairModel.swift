/// Byte-pair encoding of characters by a list of merges, as Hugging Face's tokenizers compute it; where texts are spelled
/// by GPT-2's 256 characters for bytes, it is byte-level.
struct BytePairModel: PieceModel {
    /// What the models of files differ in.
    struct Options: Sendable {
        /// Stands for characters that are no piece; without it they are left out.
        var unknown: Int32?
        /// Whether unknown characters in a row are one.
        var fusesUnknown = false
        /// Whether a character that is no piece is spelled by pieces for its bytes.
        var spellsBytes = false
        /// Whether what is a piece already is not merged anew.
        var ignoresMerges = false
        /// What is written before each character of a word but its first, and after its last.
        var prefix: [UInt8] = []
        var suffix: [UInt8] = []
    }

    private let table: PieceTable
    private let merges: RankedMerges
    private let options: Options
    private let bytePieces: BytePieces

    init(table: PieceTable, merges: RankedMerges, options: Options) {
        (self.table, self.merges, self.options) = (table, merges, options)
        bytePieces = BytePieces(in: table)
    }

    func append(_ word: UnsafeRawBufferPointer, to ids: inout [Int32]) {
        if options.ignoresMerges, let id = table.id(of: word) { return ids.append(id) }
        for symbol in PieceMerger.merge(symbols(of: word), merges) { ids.append(symbol.id) }
    }

    /// A symbol for each character, those for unknown ones after the known and spelled ones before the next known one.
    private func symbols(of word: UnsafeRawBufferPointer) -> [PieceSymbol] {
        var symbols: [PieceSymbol] = []
        symbols.reserveCapacity(word.count)
        var unknown: PieceSymbol?
        var start = 0
        while start < word.count {
            var end = start + 1
            while end < word.count, word[end] & 0xc0 == 0x80 { end += 1 }
            defer { start = end }
            if let id = piece(of: word, start..<end) {
                if let pending = unknown { symbols.append(pending) }
                unknown = nil
                symbols.append(PieceSymbol(id: id, start: start, count: end - start))
                continue
            }
            if options.spellsBytes, let spelled = spelled(word, start..<end) {
                symbols += spelled
                continue
            }
            guard let id = options.unknown else { continue }
            if options.fusesUnknown, unknown != nil {
                unknown?.count += end - start
            } else {
                if let pending = unknown { symbols.append(pending) }
                unknown = PieceSymbol(id: id, start: start, count: end - start)
            }
        }
        if let pending = unknown { symbols.append(pending) }
        return symbols
    }

    /// The piece of a character with what is written around it.
    private func piece(of word: UnsafeRawBufferPointer, _ range: Range<Int>) -> Int32? {
        if let written = decorated(word, range) { return table.id(of: written) }
        return table.id(of: UnsafeRawBufferPointer(rebasing: word[range]))
    }

    /// A character with what is written around it; nil where nothing is.
    private func decorated(_ word: UnsafeRawBufferPointer, _ range: Range<Int>) -> [UInt8]? {
        let prefix = range.lowerBound > 0 ? options.prefix : []
        let suffix = range.upperBound == word.count ? options.suffix : []
        return prefix.isEmpty && suffix.isEmpty ? nil : prefix + word[range] + suffix
    }

    private func spelled(_ word: UnsafeRawBufferPointer, _ range: Range<Int>) -> [PieceSymbol]? {
        var ids: [Int32] = []
        let written = decorated(word, range) ?? Array(word[range])
        guard written.withUnsafeBytes({ bytePieces.append($0, to: &ids) }) else { return nil }
        return ids.map { PieceSymbol(id: $0, start: range.lowerBound, count: 1) }
    }
}
