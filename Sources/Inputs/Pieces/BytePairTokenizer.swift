internal import Archive
internal import Foundation

/// Byte-level byte-pair encoding (Radford et al., 2019) by a list of merges, as Hugging Face's tokenizers compute it.
public struct BytePairTokenizer: SubwordTokenizer {
    public let maximumLength: Int
    private let vocabulary: BytePairVocabulary
    private let table: PieceTable
    private let rule: RankedMerges
    private let whole: WholePieces
    private let pattern: NSRegularExpression

    public var vocabularySize: Int { vocabulary.pieces.count }
    public var padding: Int32 { vocabulary.padding }

    /// Throws `ArchiveError.unreadable` of `path` where a merge is not of two pieces.
    public init(_ vocabulary: BytePairVocabulary, maximumLength: Int, path: String) throws {
        precondition(maximumLength >= 2, "a text needs room for its marks")
        self.vocabulary = vocabulary
        self.maximumLength = maximumLength
        table = PieceTable(vocabulary.pieces) { !vocabulary.pieces[$0].isEmpty }
        guard let rule = RankedMerges(vocabulary.merges, table: table) else {
            throw ArchiveError.unreadable(path, reason: "one of its merges is not of two pieces")
        }
        self.rule = rule
        whole = WholePieces(vocabulary.whole)
        pattern = try NSRegularExpression(pattern: vocabulary.division.pattern)
    }

    public func encode(_ text: String) -> (ids: [Int32], isCut: Bool) {
        var ids: [Int32] = []
        Array(text.utf8).withUnsafeBytes { bytes in
            for part in whole.parts(of: bytes) {
                switch part {
                case .whole(let id): ids.append(id)
                case .stretch(let range): append(String(decoding: bytes[range], as: UTF8.self), to: &ids)
                }
            }
        }
        return marked(ids, before: vocabulary.start, after: vocabulary.end)
    }

    private func append(_ text: String, to ids: inout [Int32]) {
        let text = vocabulary.division.composes ? text.precomposedStringWithCanonicalMapping : text
        let source = text as NSString
        // The patterns leave nothing out.
        for match in pattern.matches(in: text, range: NSRange(location: 0, length: source.length)) {
            Array(source.substring(with: match.range).utf8).withUnsafeBytes { merge($0, to: &ids) }
        }
    }

    private func merge(_ bytes: UnsafeRawBufferPointer, to ids: inout [Int32]) {
        if vocabulary.division.ignoresMerges, let id = table.id(of: bytes) { return ids.append(id) }
        for range in PieceMerger.ranges(of: bytes, byCharacter: false, rule) {
            // Every byte is a piece of a sound vocabulary; what is none is left out.
            if let id = table.id(of: UnsafeRawBufferPointer(rebasing: bytes[range])) { ids.append(id) }
        }
    }
}
