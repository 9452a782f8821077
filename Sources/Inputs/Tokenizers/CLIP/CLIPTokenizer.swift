internal import Archive
public import Foundation

/// CLIP's tokenizer (Radford et al., 2021): lower-cased byte-pair encoding, 49,408 ids, 77 tokens a text.
///
/// Gives the ids of open_clip's `SimpleTokenizer`, cleaning included, with two exceptions: text in a wrong encoding
/// ("schÃ¶n") is taken as it stands, and characters newer than Unicode 14 may be cut into words differently. In the
/// other styles it gives those of transformers' `CLIPTokenizer`, which cleans less.
/// A text that is too long keeps its first tokens and its end-of-text token.
public final class CLIPTokenizer: Tokenizer {
    /// How a text is cleaned and which spellings of the marks are the marks.
    public enum Style: String, Sendable {
        /// As OpenAI and open_clip do.
        case openAI = "openai"
        /// As transformers does: NFC and lower case only.
        case huggingFace = "transformers"
        /// The same, with marks that are recognised in any case.
        case huggingFaceAnyCase = "transformers-any-case"
    }

    /// The number of ids, the two marks included: 49,408 with CLIP's merges.
    public let vocabularySize: Int
    /// The most tokens a text may have, both marks included.
    public let contextLength: Int
    public let style: Style
    /// The merges, a line each.
    public let merges: Data
    let startOfText: Int32
    let endOfText: Int32
    private let model: BytePairModel
    private let cache = WordCache()
    /// In transformers' styles.
    private let whole: TextTokenizer?

    /// Reads CLIP's merges file, `clip-merges.txt`, or the same file as Hugging Face names it, `merges.txt`.
    /// Throws `ArchiveError` where the file is missing or is no merges file.
    public convenience init(mergesPath path: String, contextLength: Int = 77, style: Style = .openAI) throws {
        guard let data = FileManager.default.contents(atPath: path) else { throw ArchiveError.missingFile(path) }
        // The first line is a comment.
        let merges = data.firstIndex(of: UInt8(ascii: "\n")).map { data[($0 + 1)...] } ?? Data()
        try self.init(merges: merges, path: path, contextLength: contextLength, style: style)
    }

    /// - `merges`: a line `left right` for each merge, in their order.
    /// - `path`: the file that they come from.
    init(merges: Data, path: String, contextLength: Int, style: Style) throws {
        precondition(contextLength >= 2, "a text needs room for its start and its end, not \(contextLength) tokens")
        let pieces = try CLIPPieces(merges: merges, path: path)
        (startOfText, endOfText) = (Int32(pieces.count), Int32(pieces.count + 1))
        vocabularySize = pieces.count + 2
        model = pieces.model
        self.contextLength = contextLength
        self.style = style
        self.merges = merges
        whole =
            style == .openAI
            ? nil
            : try TextTokenizer(
                .huggingFaceCLIP(
                    model, start: startOfText, end: endOfText, knowsMarksInAnyCase: style == .huggingFaceAnyCase),
                maximumLength: contextLength)
    }

    public func encode(_ texts: [String]) -> TokenBatch {
        if let whole { return whole.encode(texts) }
        let rows = texts.map(tokens)
        let cut = rows.map { row in
            row.count <= contextLength ? row : row.prefix(contextLength - 1) + [endOfText]
        }
        return TokenBatch(rows: cut, padding: 0, cutCount: rows.count { $0.count > contextLength })
    }

    /// Start, words and end; of a text that is too long only as many words as show that it is.
    private func tokens(of text: String) -> [Int32] {
        var tokens = [startOfText]
        var words = Words(of: Self.cleaned(text))
        while tokens.count < contextLength, let word = words.next() {
            let bytes = Array(String(word).utf8)
            if let mark = mark(spelled: bytes) {
                tokens.append(mark)
            } else {
                cache.append(ByteSymbols.spelled(bytes)[...], by: model, to: &tokens)
            }
        }
        return tokens + [endOfText]
    }

    /// The marks may stand in a text literally.
    private func mark(spelled word: [UInt8]) -> Int32? {
        switch word {
        case Words.startOfText: startOfText
        case Words.endOfText: endOfText
        default: nil
        }
    }
}
