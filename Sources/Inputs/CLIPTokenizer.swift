internal import Archive
public import Foundation
import Synchronization

/// CLIP's tokenizer (Radford et al., 2021): lower-cased byte-pair encoding, 49,408 ids, 77 tokens a text.
///
/// Gives the ids of open_clip's `SimpleTokenizer`, cleaning included, with two exceptions: text in a wrong encoding
/// ("schÃ¶n") is taken as it stands, and characters newer than Unicode 14 may be cut into words differently. In the
/// other style it gives those of transformers' `CLIPTokenizer`, which cleans less.
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
    private let encoder: BytePairEncoder
    private let cache = Mutex<[[UInt8]: [Int32]]>([:])
    /// Texts repeat few words: beyond this many no further word is remembered.
    private static let cacheLimit = 1 << 16

    /// Reads CLIP's merges file, `clip-merges.txt`, or the same file as Hugging Face names it, `merges.txt`.
    /// Throws `ArchiveError` where the file is missing or is no merges file.
    public convenience init(mergesPath path: String, contextLength: Int = 77, style: Style = .openAI) throws {
        guard let data = FileManager.default.contents(atPath: path) else { throw ArchiveError.missingFile(path) }
        // The first line is a comment.
        let merges = data.firstIndex(of: UInt8(ascii: "\n")).map { data[($0 + 1)...] } ?? Data()
        try self.init(merges: merges, path: path, contextLength: contextLength, style: style)
    }

    /// - Parameters:
    ///   - merges: a line `left right` for each merge, in their order.
    ///   - path: the file that they come from.
    init(merges: Data, path: String, contextLength: Int, style: Style) throws {
        precondition(contextLength >= 2, "a text needs room for its start and its end, not \(contextLength) tokens")
        encoder = try BytePairEncoder(merges: merges, path: path)
        startOfText = Int32(encoder.vocabularySize)
        endOfText = startOfText + 1
        vocabularySize = encoder.vocabularySize + 2
        self.contextLength = contextLength
        self.style = style
        self.merges = merges
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
        for (part, mark) in parts(of: text) {
            var words = Words(of: part, isOpenAI: style == .openAI)
            while tokens.count < contextLength, let word = words.next() {
                let bytes = Array(String(word).utf8)
                if let known = cache[bytes] {
                    tokens += known
                    continue
                }
                let symbols = self.mark(spelled: bytes).map { [$0] } ?? encoder.encode(word: bytes)
                if cache.count < Self.cacheLimit { cache[bytes] = symbols }
                tokens += symbols
            }
            if let mark { tokens.append(mark) }
        }
        return tokens + [endOfText]
    }

    /// The cleaned stretches between marks that are spelled out, each with the mark that follows it.
    private func parts(of text: String) -> [(text: [Unicode.Scalar], mark: Int32?)] {
        switch style {
        case .openAI: [(Self.cleaned(text), nil)]
        case .huggingFaceAnyCase: split(Self.normalized(Array(text.unicodeScalars)))
        case .huggingFace:
            split(Array(text.unicodeScalars)).map { (Self.normalized($0.text), $0.mark) }
        }
    }

    private func split(_ text: [Unicode.Scalar]) -> [(text: [Unicode.Scalar], mark: Int32?)] {
        let marks = [("<|startoftext|>", startOfText), ("<|endoftext|>", endOfText)]
            .map { (Array($0.0.unicodeScalars), $0.1) }
        var parts: [(text: [Unicode.Scalar], mark: Int32?)] = []
        var (start, position) = (0, 0)
        while let next = text[position...].firstIndex(of: "<") {
            guard let mark = marks.first(where: { text[next...].starts(with: $0.0) }) else {
                position = next + 1
                continue
            }
            parts.append((Array(text[start..<next]), mark.1))
            start = next + mark.0.count
            position = start
        }
        return parts + [(Array(text[start...]), nil)]
    }

    /// The marks may stand in a text literally.
    private func mark(spelled word: [UInt8]) -> Int32? {
        guard style == .openAI else { return nil }
        return switch word {
        case Words.startOfText: startOfText
        case Words.endOfText: endOfText
        default: nil
        }
    }
}
