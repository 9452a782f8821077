internal import Archive
internal import Foundation

extension TextTokenizer {
    /// BERT's tokenizer, from a `vocab.txt`. Throws `ArchiveError` where the file is missing or lacks a special piece.
    public init(vocabulary path: String, maximumLength: Int) throws {
        self.init(try .bert(vocabulary: path, lowercases: true), maximumLength: maximumLength)
    }
}

extension TextTokenizer.Parts {
    /// BERT's tokenizer: words and signs, each split into the longest pieces, between `[CLS]` and `[SEP]`.
    ///
    /// - Parameters:
    ///   - path: a `vocab.txt`: the line number of a piece, from 0, is its id.
    ///   - lowercases: whether letters become small and lose their accents.
    ///
    /// Throws `ArchiveError` where the file is missing or lacks one of the special pieces.
    static func bert(vocabulary path: String, lowercases: Bool) throws -> TextTokenizer.Parts {
        var lines = try JSONFile.bytes(path).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        var ids: [[UInt8]: Int32] = [:]
        for (id, line) in lines.enumerated() {
            ids[Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)] = Int32(id)
        }
        func id(_ name: String) throws -> Int32 {
            if let id = ids[Array(name.utf8)] { return id }
            throw ArchiveError.unreadable(path, reason: "it lacks the piece \(name); give a BERT vocabulary")
        }
        let names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
        guard let trie = PieceTrie(ids.map { ($0.key, $0.value) }),
            let marks = WholePieces(try names.map { WholePieces.Piece(text: Array($0.utf8), id: try id($0)) })
        else { throw ArchiveError.unreadable(path, reason: "it has too many pieces") }
        let normaliser = BERTNormaliser(stripsAccents: lowercases, lowercases: lowercases)
        return TextTokenizer.Parts(
            whole: marks, normaliser: .bert(normaliser), division: .bert,
            model: WordPieceModel(trie: trie, unknown: try id("[UNK]"), prefix: Array("##".utf8), longestWord: 100),
            before: [try id("[CLS]")], after: [try id("[SEP]")], padding: try id("[PAD]"), vocabularySize: lines.count)
    }
}

extension TextDivision {
    /// At white space, and around every punctuation mark.
    static let bert = sequence([
        .characters({ $0.properties.isWhitespace }, .removed), .characters({ $0.isPunctuation }, .isolated),
    ])
}
