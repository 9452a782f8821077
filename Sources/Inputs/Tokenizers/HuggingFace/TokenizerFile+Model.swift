internal import Archive
internal import Foundation

/// The pieces of a vocabulary by their ids.
struct Vocabulary {
    /// Larger ids are refused: no vocabulary has as many.
    static let mostIDs = 1 << 24

    let table: PieceTable
    var count: Int { table.count }

    /// Pieces by id; ids that none has are allowed for a few only.
    init?(_ pieces: [(text: [UInt8], id: Int)]) {
        let count = (pieces.lazy.map(\.id).max() ?? -1) + 1
        guard count <= min(Self.mostIDs, 2 * pieces.count + 4096) else { return nil }
        var byID = [Data](repeating: Data(), count: count)
        var isTaken = [Bool](repeating: false, count: count)
        for (text, id) in pieces {
            guard id >= 0, !isTaken[id] else { return nil }
            byID[id] = Data(text)
            isTaken[id] = true
        }
        table = PieceTable(byID) { isTaken[$0] }
    }

    func id(of text: [UInt8]) -> Int32? { table.id(of: text) }
    var pieces: [(bytes: ArraySlice<UInt8>, id: Int32)] {
        (0..<Int32(count)).lazy.map { (bytes: table.bytes(of: $0), id: $0) }.filter { !$0.bytes.isEmpty }
    }
}

extension TokenizerFile {
    func model(_ element: JSONNode) throws -> (any PieceModel, Vocabulary) {
        // Older files leave the type out; then it shows from the content.
        let type =
            element["type"]?.text
            ?? (element["merges"] != nil ? "BPE" : element["vocab"]?.elements != nil ? "Unigram" : "WordPiece")
        switch type {
        case "BPE": return try bytePair(element)
        case "Unigram": return try unigram(element)
        case "WordPiece": return try wordPiece(element)
        case "WordLevel":
            let vocabulary = try vocabulary(element, type)
            let unknown = try required(mark("unk_token", element, vocabulary), "unk_token", of: type)
            let writer = SymbolWriter(unknown: unknown)
            return (ListedPieceModel(table: vocabulary.table, unit: .stretch, writer: writer), vocabulary)
        default: throw unknown("model", type)
        }
    }

    private func vocabulary(_ element: JSONNode, _ type: String) throws -> Vocabulary {
        var pieces: [(text: [UInt8], id: Int)] = []
        for key in try required(element["vocab"]?.entries, "vocab", of: type) {
            pieces.append((try required(key.bytes, "vocab", of: type), Int(try id(key.valueOfKey, "id", of: type))))
        }
        guard let vocabulary = Vocabulary(pieces) else {
            throw unusable("two pieces of its vocabulary have the same id, or ids are left out")
        }
        return vocabulary
    }

    private func mark(_ name: String, _ element: JSONNode, _ vocabulary: Vocabulary) throws -> Int32? {
        guard let text = element[name]?.bytes else { return nil }
        guard let id = vocabulary.id(of: text) else {
            throw unusable("its \(name) \(String(decoding: text.prefix(60), as: UTF8.self)) is not in its vocabulary")
        }
        return id
    }

    private func bytePair(_ element: JSONNode) throws -> (any PieceModel, Vocabulary) {
        let vocabulary = try vocabulary(element, "BPE")
        guard element["dropout"]?.number ?? 0 == 0 else { throw unusable("its BPE leaves merges out at random") }
        var options = BytePairModel.Options()
        options.unknown = try mark("unk_token", element, vocabulary)
        options.fusesUnknown = element["fuse_unk"]?.boolean ?? false
        options.spellsBytes = element["byte_fallback"]?.boolean ?? false
        options.ignoresMerges = element["ignore_merges"]?.boolean ?? false
        options.prefix = element["continuing_subword_prefix"]?.bytes ?? []
        options.suffix = element["end_of_word_suffix"]?.bytes ?? []
        let elements = Array(try required(element["merges"]?.elements, "merges", of: "BPE"))
        // Lists that come from a merges.txt keep its comment.
        let merges = elements.filter { $0.bytes?.starts(with: "#version".utf8) != true }.map(Self.pair)
        let ranked = try RankedMerges(merges, of: vocabulary.table, prefix: options.prefix) { place in
            let shown = place.flatMap { merges[$0] }.map { $0.left + [0x20] + $0.right } ?? []
            return unusable(
                "\"\(String(decoding: shown.prefix(60), as: UTF8.self))\" is no merge of two pieces into a third")
        }
        return (BytePairModel(table: vocabulary.table, merges: ranked, options: options), vocabulary)
    }

    /// `"left right"`, or `["left", "right"]` in newer files.
    static func pair(_ element: JSONNode) -> (left: [UInt8], right: [UInt8])? {
        if let line = element.bytes { return MergeLine.pair(line) }
        let parts = element.elements?.compactMap(\.bytes) ?? []
        return parts.count == 2 ? (parts[0], parts[1]) : nil
    }

    private func unigram(_ element: JSONNode) throws -> (any PieceModel, Vocabulary) {
        var pieces: [(text: [UInt8], id: Int)] = []
        var scores: [Double] = []
        for entry in try required(element["vocab"]?.elements, "vocab", of: "Unigram") {
            let pair = Array(try required(entry.elements, "vocab", of: "Unigram"))
            guard pair.count == 2, let text = pair[0].bytes, let score = pair[1].hastyNumber, score.isFinite else {
                throw unusable("piece \(scores.count) of its Unigram is no text with a finite score")
            }
            pieces.append((text, pieces.count))
            scores.append(score)
        }
        guard let vocabulary = Vocabulary(pieces), let trie = PieceTrie(vocabulary.pieces) else {
            throw unusable("its Unigram has too many pieces")
        }
        guard let unknown = element["unk_id"]?.integer, scores.indices.contains(unknown) else {
            throw unusable("its Unigram has no unk_id below \(scores.count)")
        }
        let options = UnigramModel.Options(
            unknown: Int32(unknown), unknownScore: (scores.min() ?? 0) - 10,
            bytePieces: element["byte_fallback"]?.boolean == true ? BytePieces(in: vocabulary.table) : nil)
        return (UnigramModel(trie: trie, scores: scores, options: options), vocabulary)
    }

    private func wordPiece(_ element: JSONNode) throws -> (any PieceModel, Vocabulary) {
        let vocabulary = try vocabulary(element, "WordPiece")
        guard let trie = PieceTrie(vocabulary.pieces) else { throw unusable("its WordPiece has too many pieces") }
        let model = WordPieceModel(
            trie: trie, unknown: try required(mark("unk_token", element, vocabulary), "unk_token", of: "WordPiece"),
            prefix: try required(element["continuing_subword_prefix"]?.bytes, "prefix", of: "WordPiece"),
            longestWord: try required(element["max_input_chars_per_word"]?.integer, "limit", of: "WordPiece"))
        return (model, vocabulary)
    }
}

extension RankedMerges {
    /// - `prefix`: what a right part begins with and the product leaves out.
    /// - `failure`: what is thrown of the merge at a place that is nil, or not of two pieces into a third.
    init(
        _ merges: [(left: [UInt8], right: [UInt8])?], of table: PieceTable, prefix: [UInt8] = [],
        failure: (Int?) -> any Error
    ) throws {
        self.init(capacity: merges.count)
        for (rank, merge) in merges.enumerated() {
            guard let (left, right) = merge, let first = table.id(of: left), let second = table.id(of: right),
                right.count >= prefix.count, let product = table.id(of: left + right.dropFirst(prefix.count))
            else { throw failure(rank) }
            add(first, second, into: product, rank: rank)
        }
    }
}
