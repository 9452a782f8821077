internal import Foundation

/// SentencePiece's byte-pair tokenizer with bytes for unknown characters, as Gemma, Llama 2 and Mistral have it.
///
/// Names of marks (`<start_of_turn>`) and pieces that are never divided are found first, the leftmost and longest; what
/// lies between is merged from characters. Spaces are written as U+2581.
public struct PieceTokenizer: SubwordTokenizer {
    public let vocabularySize: Int
    /// The most tokens of a text, marks included.
    public let maximumLength: Int
    public var padding: Int32 { vocabulary.padding }
    private let vocabulary: PieceVocabulary
    private let table: PieceTable
    /// Names of marks and user-defined pieces.
    private let whole: WholePieces
    /// The piece for each byte.
    private let byteIDs: [Int32?]

    private static let space = Array("\u{2581}".utf8)

    public init(_ vocabulary: PieceVocabulary, maximumLength: Int) {
        precondition(maximumLength >= 2, "a text needs room for its marks")
        self.vocabulary = vocabulary
        self.maximumLength = maximumLength
        vocabularySize = vocabulary.pieces.count
        let kinds = vocabulary.kinds
        table = PieceTable(vocabulary.pieces) { kinds[$0] == .normal || kinds[$0] == .userDefined }
        whole = WholePieces(
            kinds.indices.filter { [.userDefined, .control, .unknown].contains(kinds[$0]) }.map {
                (Self.spaced(vocabulary.pieces[$0]), Int32($0))
            })
        var byteIDs = [Int32?](repeating: nil, count: 256)
        for (id, kind) in kinds.enumerated() where kind == .byte {
            let spelling = String(decoding: vocabulary.pieces[id], as: UTF8.self)
            if let byte = UInt8(spelling.dropFirst(3).dropLast(), radix: 16) { byteIDs[Int(byte)] = Int32(id) }
        }
        self.byteIDs = byteIDs
    }

    public func encode(_ text: String) -> (ids: [Int32], isCut: Bool) {
        var ids: [Int32] = []
        let space = vocabulary.addsSpace && !text.isEmpty ? Self.space : []
        (space + Self.spaced(text.utf8)).withUnsafeBytes { bytes in
            for part in whole.parts(of: bytes) {
                switch part {
                case .whole(let id): ids.append(id)
                case .stretch(let range): appendMerged(UnsafeRawBufferPointer(rebasing: bytes[range]), to: &ids)
                }
            }
        }
        let before = vocabulary.addsStart ? vocabulary.start : nil
        let after = vocabulary.addsEnd ? vocabulary.end : nil
        return marked(ids, before: before, after: after)
    }

    private func appendMerged(_ bytes: UnsafeRawBufferPointer, to ids: inout [Int32]) {
        for range in PieceMerger.ranges(
            of: bytes, byCharacter: true, ScoredPieces(table: table, scores: vocabulary.scores))
        {
            let piece = UnsafeRawBufferPointer(rebasing: bytes[range])
            if let id = table.id(of: piece) {
                ids.append(id)
                continue
            }
            let spelled = piece.compactMap { byteIDs[Int($0)] }
            if spelled.count == piece.count {
                ids += spelled
            } else if let unknown = vocabulary.unknown {
                ids.append(unknown)
            }
        }
    }

    /// Spaces as SentencePiece writes them.
    private static func spaced(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for byte in bytes { if byte == 0x20 { result += space } else { result.append(byte) } }
        return result
    }
}
