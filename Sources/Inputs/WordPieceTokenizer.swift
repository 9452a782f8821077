internal import Archive
internal import Foundation

/// The tokenizer of the uncased BERT models: words and punctuation marks, each split greedily into the longest pieces
/// of a vocabulary. A text becomes `[CLS]`, its pieces, `[SEP]`.
///
/// Source: Wu et al., 2016 (arXiv 1609.08144, section 4.1); tested id for id against Hugging Face `tokenizers`.
public struct WordPieceTokenizer: SubwordTokenizer {
    /// The most ids that a text may have, `[CLS]` and `[SEP]` included.
    public let maximumLength: Int
    public var vocabularySize: Int { pieces.count }
    public var padding: Int32 { special.padding }

    /// Pieces by their UTF-8 bytes: Swift's string equality would merge canonically equal ones.
    private let pieces: [[UInt8]: Int32]
    private let longestPiece: Int
    private let special: Special

    private struct Special {
        let unknown: Int32
        let start: Int32
        let end: Int32
        let padding: Int32
        /// Names that stand for an id where a text spells them out.
        let names: [(text: String, id: Int32)]
    }

    /// A word of more characters than this is unknown as a whole.
    private static let longestWord = 100

    /// Reads a `vocab.txt`: the line number of a piece, from 0, is its id.
    /// Throws `ArchiveError` where the file is missing or lacks one of the special pieces.
    public init(vocabulary path: String, maximumLength: Int) throws {
        guard let data = FileManager.default.contents(atPath: path) else { throw ArchiveError.missingFile(path) }
        precondition(maximumLength >= 2, "a text needs room for [CLS] and [SEP]")
        var lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        var pieces: [[UInt8]: Int32] = [:]
        for (id, line) in lines.enumerated() {
            pieces[Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)] = Int32(id)
        }
        func id(_ name: String) throws -> Int32 {
            if let id = pieces[Array(name.utf8)] { return id }
            throw ArchiveError.unreadable(path, reason: "it lacks the piece \(name); give a BERT vocabulary")
        }
        special = Special(
            unknown: try id("[UNK]"), start: try id("[CLS]"), end: try id("[SEP]"), padding: try id("[PAD]"),
            names: try ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"].map { ($0, try id($0)) })
        self.pieces = pieces
        longestPiece = pieces.keys.lazy.map(\.count).max() ?? 0
        self.maximumLength = maximumLength
    }

    /// One text's ids, and whether it lost its end.
    public func encode(_ text: String) -> (ids: [Int32], isCut: Bool) {
        var ids = [special.start]
        for (part, id) in splitAtSpecialNames(text) {
            for word in BasicWords.split(part) { append(word, to: &ids) }
            if let id { ids.append(id) }
        }
        let isCut = ids.count + 1 > maximumLength
        if isCut { ids.removeLast(ids.count + 1 - maximumLength) }
        return (ids + [special.end], isCut)
    }

    /// The stretches between special names, each with the id of the name that follows it.
    private func splitAtSpecialNames(_ text: String) -> [(Substring, Int32?)] {
        var parts: [(Substring, Int32?)] = []
        var rest = text[...]
        while rest.utf8.contains(UInt8(ascii: "[")) {
            let matches = special.names.compactMap { name in
                rest.range(of: name.text, options: .literal).map { ($0, name.id) }
            }
            guard let first = matches.min(by: { $0.0.lowerBound < $1.0.lowerBound }) else { break }
            parts.append((rest[..<first.0.lowerBound], first.1))
            rest = rest[first.0.upperBound...]
        }
        return parts + [(rest, nil)]
    }

    /// Appends the longest piece that a word begins with, then the longest `##` piece of what is left, and so on.
    private func append(_ word: [Unicode.Scalar], to ids: inout [Int32]) {
        guard word.count <= Self.longestWord else { return ids.append(special.unknown) }
        let bytes = word.flatMap { Array(UTF8.encode($0) ?? UTF8.encodedReplacementCharacter) }
        var found: [Int32] = []
        var start = 0
        while start < bytes.count {
            let prefix: [UInt8] = start == 0 ? [] : Array("##".utf8)
            var end = min(bytes.count, start + longestPiece - prefix.count)
            while end > start, pieces[prefix + bytes[start..<end]] == nil { end -= 1 }
            guard end > start, let id = pieces[prefix + bytes[start..<end]] else {
                return ids.append(special.unknown)
            }
            found.append(id)
            start = end
        }
        ids += found
    }
}
