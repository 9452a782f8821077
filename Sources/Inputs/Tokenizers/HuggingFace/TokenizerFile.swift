internal import Archive
internal import Foundation

/// A `tokenizer.json` of Hugging Face's tokenizers, read strictly: what it names and is not known here is an error.
///
/// Source: the serialised form of the library `tokenizers`, version 1.0. Decoders are left alone: nothing is decoded here.
struct TokenizerFile {
    let root: JSONNode
    private var path: String { root.document.path }

    init(_ path: String) throws { try self.init(JSONDocument(path, expected: "a tokenizer.json")) }

    init(_ document: JSONDocument) throws {
        root = document.root
        if let version = root["version"]?.text, version != "1.0" {
            throw unusable("its version is \(version); 1.0 is known")
        }
    }

    func unusable(_ reason: String) -> ArchiveError { .unreadable(path, reason: reason) }

    /// The type of an element of the file; one that it does not name is an error.
    func type(of element: JSONNode, _ role: String) throws -> String {
        guard let type = element["type"]?.text else { throw unusable("its \(role) has no type") }
        return type
    }

    func unknown(_ role: String, _ type: String) -> ArchiveError {
        unusable("its \(role) is of the type \(type.prefix(60)), which is not known here")
    }

    /// A part of an element that it cannot do without.
    func required<Value>(_ value: Value?, _ name: String, of type: String) throws -> Value {
        guard let value else { throw unusable("its \(type) has no sound \(name)") }
        return value
    }

    /// An id of the file.
    func id(_ value: JSONNode?, _ name: String, of type: String) throws -> Int32 {
        try required(
            value?.integer.flatMap { Int32(exactly: $0) }.flatMap { 0..<Vocabulary.mostIDs ~= Int($0) ? $0 : nil },
            name,
            of: type)
    }

    /// The length at which the file has texts cut.
    var limit: Int? { root["truncation"]?["max_length"]?.integer }
    /// The id that it fills texts up with.
    var padding: Int32? { root["padding"]?["pad_id"]?.integer.flatMap { Int32(exactly: $0) } }

    /// The tokens that were added to the vocabulary, in their order.
    struct AddedToken {
        var piece: WholePieces.Piece
        let isNormalised: Bool
    }

    func addedTokens() throws -> [AddedToken] {
        guard let entries = root["added_tokens"]?.elements else { return [] }
        return try entries.map { entry in
            let text = try required(entry["content"]?.bytes, "content", of: "added token")
            func flag(_ name: String) -> Bool { entry[name]?.boolean ?? false }
            return AddedToken(
                piece: WholePieces.Piece(
                    text: text, id: try id(entry["id"], "id", of: "added token"), isSingleWord: flag("single_word"),
                    stripsLeft: flag("lstrip"), stripsRight: flag("rstrip")),
                isNormalised: flag("normalized"))
        }
    }

    /// The tokenizer that the file describes, and the id of a piece or added token by its text.
    ///
    /// - Parameter lowercases: whether texts become small before anything else is done to them.
    func parts(lowercases: Bool) throws -> (TextTokenizer.Parts, id: ([UInt8]) -> Int32?) {
        let added = try addedTokens()
        guard let element = root["model"], element.entries != nil else { throw unusable("it has no model") }
        let (model, vocabulary) = try model(element)
        for token in added {
            if let id = vocabulary.id(of: token.piece.text), id != token.piece.id {
                let name = String(decoding: token.piece.text.prefix(60), as: UTF8.self)
                throw unusable("\(name) has the id \(token.piece.id) as an added token and \(id) in the vocabulary")
            }
        }
        var normaliser = try root["normalizer"].map(normaliser)
        if lowercases { normaliser = .sequence([.lowercase] + (normaliser.map { [$0] } ?? [])) }
        let highest = added.map { Int($0.piece.id) + 1 }.max() ?? 0
        var parts = TextTokenizer.Parts(
            whole: try whole(added.filter { !$0.isNormalised }),
            normalisedWhole: try whole(
                added.filter(\.isNormalised).map { token in
                    var token = token
                    if let normaliser { token.piece.text = normaliser(token.piece.text) }
                    return token
                }),
            normaliser: normaliser, division: try root["pre_tokenizer"].map(division), model: model,
            vocabularySize: max(vocabulary.count, highest))
        (parts.before, parts.after) = try root["post_processor"].map(marks) ?? ([], [])
        parts.padding = padding ?? 0
        parts.cutsStart = root["truncation"]?["direction"]?.text == "Left"
        return (parts, { text in added.first { $0.piece.text == text }?.piece.id ?? vocabulary.id(of: text) })
    }

    private func whole(_ tokens: [AddedToken]) throws -> WholePieces? {
        if tokens.isEmpty { return nil }
        return try required(WholePieces(tokens.map(\.piece)), "size", of: "list of added tokens")
    }

    // MARK: Post-processors

    /// The ids that are put before and behind those of a text.
    private func marks(_ element: JSONNode) throws -> (before: [Int32], after: [Int32]) {
        let type = try type(of: element, "post_processor")
        switch type {
        case "ByteLevel": return ([], [])
        case "BertProcessing", "RobertaProcessing":
            func mark(_ name: String) throws -> Int32 {
                let elements = try required(element[name]?.elements, name, of: type)
                return try id(Array(elements).last, name, of: type)
            }
            return try ([mark("cls")], [mark("sep")])
        case "Sequence":
            let steps = try required(element["processors"]?.elements, "processors", of: type)
            return try steps.reduce(into: (before: [], after: [])) { all, step in
                let (before, after) = try marks(step)
                all = (before + all.before, all.after + after)
            }
        case "TemplateProcessing": return try template(element)
        default: throw unknown("post_processor", type)
        }
    }

    private func template(_ element: JSONNode) throws -> (before: [Int32], after: [Int32]) {
        let name = "TemplateProcessing"
        let special = try required(element["special_tokens"], "special_tokens", of: name)
        var (before, after): ([Int32], [Int32]) = ([], [])
        var hasText = false
        for piece in try required(element["single"]?.elements, "single", of: name) {
            if let text = piece["Sequence"]?["id"]?.text {
                guard text == "A", !hasText else { throw unusable("its template repeats the text") }
                hasText = true
                continue
            }
            let mark = try required(piece["SpecialToken"]?["id"]?.text, "piece", of: name)
            let ids = try required(special[mark]?["ids"]?.elements, mark, of: name).map { try id($0, mark, of: name) }
            if hasText { after += ids } else { before += ids }
        }
        guard hasText else { throw unusable("its template leaves the text out") }
        return (before, after)
    }
}
