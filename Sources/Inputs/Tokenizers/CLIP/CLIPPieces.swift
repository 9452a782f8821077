internal import Archive
internal import Foundation

/// CLIP's vocabulary as its list of merges makes it: the 256 bytes, the 256 bytes that end a word, then the product of
/// each merge in the order of the file.
struct CLIPPieces {
    static let endOfWord = Array("</w>".utf8)

    let count: Int
    let model: BytePairModel

    /// - `merges`: a line `left right` for each merge, of the file at `path`.
    init(merges data: Data, path: String) throws {
        let lines = data.split(separator: UInt8(ascii: "\n"))
        let merges = lines.map { MergeLine.pair($0) }
        let bytes = ByteSymbols.order.map { ByteSymbols.spellings[Int($0)] }
        var pieces = (bytes + bytes.map { $0 + Self.endOfWord }).map { Data($0) }
        let first = pieces.count
        pieces += merges.map { $0.map { Data($0.left + $0.right) } ?? Data() }
        let table = PieceTable(pieces) { !pieces[$0].isEmpty }
        var ranked = RankedMerges(capacity: merges.count)
        for (rank, merge) in merges.enumerated() {
            guard let merge, let left = table.id(of: merge.left), let right = table.id(of: merge.right),
                max(left, right) < first + rank
            else {
                let text = String(decoding: lines[rank], as: UTF8.self)
                throw ArchiveError.unreadable(path, reason: "\"\(text)\" is no merge of two earlier symbols")
            }
            ranked.add(left, right, into: Int32(first + rank), rank: rank)
        }
        var options = BytePairModel.Options()
        options.suffix = Self.endOfWord
        count = pieces.count
        model = BytePairModel(table: table, merges: ranked, options: options)
    }
}

extension TextTokenizer.Parts {
    /// How transformers puts CLIP's tokenizer together.
    static func huggingFaceCLIP(
        _ model: BytePairModel, start: Int32, end: Int32, knowsMarksInAnyCase: Bool
    ) throws -> TextTokenizer.Parts {
        let marks = WholePieces([
            WholePieces.Piece(text: Array("<|startoftext|>".utf8), id: start),
            WholePieces.Piece(text: Array("<|endoftext|>".utf8), id: end),
        ])
        let words = try TextPattern(
            expression: #"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"#)
        return TextTokenizer.Parts(
            whole: knowsMarksInAnyCase ? nil : marks, normalisedWhole: knowsMarksInAnyCase ? marks : nil,
            normaliser: .sequence([
                .composed, .replaced(try TextPattern(expression: #"\s+"#), with: [0x20]), .lowercase,
            ]),
            division: .sequence([
                .pattern(words, .removed, isInverted: true), .byteLevel(addsSpace: false, nil),
            ]),
            model: model, before: [start], after: [end], vocabularySize: Int(end) + 1)
    }
}
