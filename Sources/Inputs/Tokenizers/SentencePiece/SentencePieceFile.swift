internal import Archive
internal import Foundation

/// A SentencePiece model (`spiece.model`, `tokenizer.model`): pieces with scores, and how texts are normalised.
///
/// Source: SentencePiece's `sentencepiece_model.proto`.
struct SentencePieceFile {
    let path: String
    private var pieces: [Data] = []
    private var scores: [Float] = []
    private var kinds: [PieceKind] = []
    private let training: ProtobufMessage
    private let normalisation: ProtobufMessage

    /// Throws `ArchiveError` for a file that is missing, damaged, or of another kind.
    init(_ path: String) throws {
        self.path = path
        let foreign = ArchiveError.foreign(path, expected: "a SentencePiece model")
        guard let message = ProtobufMessage(Array(try JSONFile.bytes(path))[...]),
            let training = ProtobufMessage(message[2]?.bytes ?? []),
            let normalisation = ProtobufMessage(message[3]?.bytes ?? [])
        else { throw foreign }
        (self.training, self.normalisation) = (training, normalisation)
        for field in message.fields where field.number == 1 {
            guard let piece = field.value.bytes.flatMap({ ProtobufMessage($0) }), let text = piece[1]?.bytes,
                !text.isEmpty, let kind = PieceKind(rawValue: Int32(truncatingIfNeeded: piece[3]?.integer ?? 1)),
                piece[2] == nil || piece[2]?.float?.isFinite == true
            else { throw foreign }
            pieces.append(Data(text))
            scores.append(piece[2]?.float ?? 0)
            kinds.append(kind)
        }
        guard !pieces.isEmpty, pieces.count <= Vocabulary.mostIDs else { throw foreign }
    }

    /// The id of a piece by its text.
    func id(of text: [UInt8]) -> Int32? { pieces.firstIndex { $0.elementsEqual(text) }.map { Int32($0) } }

    /// The id of a mark, by SentencePiece's numbers of its field for the id and that for the text.
    private func mark(_ field: Int, _ usual: Int) throws -> Int32? {
        let id = training[field]?.integer ?? usual
        guard id < pieces.count else { throw unusable("one of its marks is \(id), its pieces end before") }
        return id < 0 ? nil : Int32(id)
    }

    var start: Int32? { get throws { try mark(41, 1) } }
    var end: Int32? { get throws { try mark(42, 2) } }
    var padding: Int32? { get throws { try mark(43, -1) } }

    private func unusable(_ reason: String) -> ArchiveError { .unreadable(path, reason: reason) }

    private var userDefined: [(bytes: Data, id: Int32)] {
        pieces.indices.filter { kinds[$0] == .userDefined }.map { (pieces[$0], Int32($0)) }
    }

    /// The tokenizer without marks.
    ///
    /// - Parameter behind: a text that every text is scored behind, as some tokenizers have it.
    func parts(behind: String = "") throws -> TextTokenizer.Parts {
        guard let unknown = kinds.firstIndex(of: .unknown).map({ Int32($0) }) else {
            throw unusable("it has no unknown piece")
        }
        let bytes = PieceTable(pieces) { kinds[$0] == .byte }
        let bytePieces = training[35]?.boolean ?? false ? BytePieces(in: bytes) : nil
        let (normaliser, writer) = (try normaliser(), SymbolWriter(unknown: unknown, bytePieces: bytePieces))
        let model: any PieceModel
        switch training[3]?.integer ?? 1 {
        case 1: model = try unigram(unknown, bytePieces, behind: normaliser(Array(behind.utf8)))
        case 2:
            let table = PieceTable(pieces) { [.normal, .userDefined, .unused].contains(kinds[$0]) }
            model = ScoredPieceModel(
                table: table, scores: scores, isUnused: kinds.map { $0 == .unused }, writer: writer)
        case 3: model = ListedPieceModel(table: PieceTable(pieces) { _ in true }, unit: .word, writer: writer)
        case 4: model = ListedPieceModel(table: PieceTable(pieces) { _ in true }, unit: .character, writer: writer)
        case let type: throw unusable("its model is of the type \(type), which SentencePiece does not have")
        }
        // The others look for user-defined pieces themselves, or not at all.
        let dividesFirst = [2, 4].contains(training[3]?.integer)
        return TextTokenizer.Parts(
            normalisedWhole: dividesFirst
                ? WholePieces(userDefined.map { .init(text: Array($0.bytes), id: $0.id) }) : nil,
            normaliser: normaliser, model: model, vocabularySize: pieces.count)
    }

    /// - Parameter addsSpace: whether a text is read as if a space stood before it; nil takes what the file says.
    func normaliser(addsSpace: Bool? = nil) throws -> TextNormaliser {
        guard let trie = PieceTrie(userDefined) else { throw unusable("its pieces are too long") }
        var normaliser = SentencePieceNormaliser(userDefined: trie)
        if let blob = normalisation[2]?.bytes, !blob.isEmpty {
            guard let map = CharacterMap(blob) else { throw unusable("its precompiled_charsmap is damaged") }
            normaliser.map = map
        }
        normaliser.addsSpace = addsSpace ?? normalisation[3]?.boolean ?? true
        normaliser.removesExtraSpaces = normalisation[4]?.boolean ?? true
        normaliser.escapesSpaces = normalisation[5]?.boolean ?? true
        normaliser.isSpaceBehind = training[24]?.boolean ?? false
        return .sentencePiece(normaliser)
    }

    private func unigram(_ unknown: Int32, _ bytePieces: BytePieces?, behind: [UInt8]) throws -> UnigramModel {
        let normal = pieces.indices.filter { kinds[$0] == .normal }.map { scores[$0] }
        // SentencePiece begins with the least positive number when it looks for the highest score.
        let highest = max(normal.max() ?? 0, .leastNormalMagnitude)
        let values = pieces.indices.map { id in
            kinds[id] == .userDefined ? Double(Float(pieces[id].count) * highest) - 0.1 : Double(scores[id])
        }
        let known = pieces.indices.lazy.filter { kinds[$0] == .normal || kinds[$0] == .userDefined }
        guard let trie = PieceTrie(known.map { (pieces[$0], Int32($0)) }) else {
            throw unusable("its pieces are too long")
        }
        var options = UnigramModel.Options(
            unknown: unknown, unknownScore: Double((normal.min() ?? 0) - 10), bytePieces: bytePieces, isSingle: true)
        options.startScore = UnigramModel(trie: trie, scores: values, options: options).score(of: behind)
        return UnigramModel(trie: trie, scores: values, options: options)
    }
}
