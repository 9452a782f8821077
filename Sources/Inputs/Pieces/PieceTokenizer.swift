internal import Foundation

/// SentencePiece's byte-pair tokenizer with bytes for unknown characters, as Gemma, Llama 2 and Mistral have it.
///
/// Names of marks (`<start_of_turn>`) and pieces that are never divided are found first, the leftmost and longest; what
/// lies between is merged from characters. Spaces are written as U+2581.
public struct PieceTokenizer: Tokenizer {
    public let vocabularySize: Int
    /// The most tokens of a text, marks included.
    public let maximumLength: Int
    /// The id of padding.
    public var padding: Int32 { vocabulary.padding }
    private let vocabulary: PieceVocabulary
    private let table: PieceTable
    /// What is taken whole: names of marks and user-defined pieces.
    private let whole: PieceTable
    /// Lengths of such names by their first byte, longest first.
    private let wholeLengths: [[Int]]
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
        let isWhole = kinds.map { $0 == .userDefined || $0 == .control || $0 == .unknown }
        let spelled = zip(vocabulary.pieces, isWhole).map { piece, isWhole in
            isWhole ? Data(Self.spaced(piece)) : Data()
        }
        whole = PieceTable(spelled) { isWhole[$0] && !spelled[$0].isEmpty }
        var lengths = [Set<Int>](repeating: [], count: 256)
        for name in spelled { if let first = name.first { lengths[Int(first)].insert(name.count) } }
        wholeLengths = lengths.map { $0.sorted(by: >) }
        var byteIDs = [Int32?](repeating: nil, count: 256)
        for (id, kind) in kinds.enumerated() where kind == .byte {
            let spelling = String(decoding: vocabulary.pieces[id], as: UTF8.self)
            if let byte = UInt8(spelling.dropFirst(3).dropLast(), radix: 16) { byteIDs[Int(byte)] = Int32(id) }
        }
        self.byteIDs = byteIDs
    }

    public func encode(_ texts: [String]) -> TokenBatch {
        let rows = texts.map(encode)
        return batch(rows.map(\.ids), cutCount: rows.count { $0.isCut })
    }

    /// Pads rows of ids into one batch.
    public func batch(_ rows: [[Int32]], cutCount: Int = 0) -> TokenBatch {
        TokenBatch(rows: rows, padding: padding, cutCount: cutCount)
    }

    /// One text's ids, and whether it lost its end.
    public func encode(_ text: String) -> (ids: [Int32], isCut: Bool) {
        var ids: [Int32] = []
        if vocabulary.addsStart, let start = vocabulary.start { ids.append(start) }
        let space = vocabulary.addsSpace && !text.isEmpty ? Self.space : []
        (space + Self.spaced(text.utf8)).withUnsafeBytes { append($0, to: &ids) }
        let end = vocabulary.addsEnd ? vocabulary.end : nil
        let room = maximumLength - (end == nil ? 0 : 1)
        let isCut = ids.count > room
        if isCut { ids.removeLast(ids.count - room) }
        if let end { ids.append(end) }
        return (ids, isCut)
    }

    private func append(_ bytes: UnsafeRawBufferPointer, to ids: inout [Int32]) {
        var (start, position) = (0, 0)
        while position < bytes.count {
            if let (id, count) = wholePiece(in: bytes, at: position) {
                appendMerged(UnsafeRawBufferPointer(rebasing: bytes[start..<position]), to: &ids)
                ids.append(id)
                position += count
                start = position
            } else {
                position += 1
            }
        }
        appendMerged(UnsafeRawBufferPointer(rebasing: bytes[start...]), to: &ids)
    }

    private func wholePiece(in bytes: UnsafeRawBufferPointer, at position: Int) -> (id: Int32, count: Int)? {
        for count in wholeLengths[Int(bytes[position])] where position + count <= bytes.count {
            if let id = whole.id(of: UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])) {
                return (id, count)
            }
        }
        return nil
    }

    private func appendMerged(_ bytes: UnsafeRawBufferPointer, to ids: inout [Int32]) {
        for range in PieceMerger.ranges(of: bytes, table: table, scores: vocabulary.scores) {
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
