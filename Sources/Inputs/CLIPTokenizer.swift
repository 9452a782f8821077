import Synchronization

/// CLIP's tokenizer (Radford et al., 2021): lower-cased byte-pair encoding, 49,408 ids, 77 tokens a text.
///
/// Gives the ids of open_clip's `SimpleTokenizer`, cleaning included, with two exceptions: text in a wrong encoding
/// ("schÃ¶n") is taken as it stands, and characters newer than Unicode 14 may be cut into words differently.
/// A text that is too long keeps its first tokens and its end-of-text token.
public final class CLIPTokenizer: Tokenizer {
    /// The number of ids, the two marks included: 49,408 with CLIP's merges.
    public let vocabularySize: Int
    /// The most tokens a text may have, both marks included.
    public let contextLength: Int
    let startOfText: Int32
    let endOfText: Int32
    private let encoder: BytePairEncoder
    private let cache = Mutex<[[UInt8]: [Int32]]>([:])
    /// Texts repeat few words: beyond this many no further word is remembered.
    private static let cacheLimit = 1 << 16

    /// Reads CLIP's merges file, `clip-merges.txt`.
    /// Throws `ArchiveError` where the file is missing or is no merges file.
    public init(mergesPath: String, contextLength: Int = 77) throws {
        precondition(contextLength >= 2, "a text needs room for its start and its end, not \(contextLength) tokens")
        encoder = try BytePairEncoder(mergesPath: mergesPath)
        startOfText = Int32(encoder.vocabularySize)
        endOfText = startOfText + 1
        vocabularySize = encoder.vocabularySize + 2
        self.contextLength = contextLength
    }

    public func encode(_ texts: [String]) -> TokenBatch {
        let rows = cache.withLock { cache in texts.map { tokens(of: $0, cache: &cache) } }
        let cut = rows.map { row in
            row.count <= contextLength ? row : row.prefix(contextLength - 1) + [endOfText]
        }
        return TokenBatch(rows: cut, padding: 0, cutCount: rows.count { $0.count > contextLength })
    }

    /// Start, words and end; of a text that is too long only as many words as show that it is.
    private func tokens(of text: String, cache: inout [[UInt8]: [Int32]]) -> [Int32] {
        var tokens = [startOfText]
        var words = Words(of: Self.cleaned(text))
        while tokens.count < contextLength, let word = words.next() {
            let bytes = Array(String(word).utf8)
            if let known = cache[bytes] {
                tokens += known
                continue
            }
            let symbols = mark(spelled: bytes).map { [$0] } ?? encoder.encode(word: bytes)
            if cache.count < Self.cacheLimit { cache[bytes] = symbols }
            tokens += symbols
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
