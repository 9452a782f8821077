public import Foundation

/// A byte-level vocabulary with its merges, as GPT-2, Llama 3 and Qwen have it.
public struct BytePairVocabulary: Sendable {
    /// The bytes that each piece stands for; none for what is no piece of texts.
    public let pieces: [Data]
    public let merges: [(left: Data, right: Data)]
    /// Texts that are one token wherever they stand.
    public let whole: [(text: [UInt8], id: Int32)]
    /// How texts are divided first: each match is merged by itself.
    public let division: Division
    /// The marks before and after a text.
    public let start: Int32?
    public let end: Int32?
    public let padding: Int32

    /// What published models do before merging.
    public enum Division: String, Sendable {
        case gpt2 = "gpt-2"
        case llama3 = "llama-bpe"
        case qwen2

        /// The regular expression that each publishes, for ICU: its \s lacks some of Unicode's white space.
        var pattern: String {
            let words = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+"
            let rest = "| ?[^\\p{White_Space}\\p{L}\\p{N}]+[\\r\\n]*|\\p{White_Space}*[\\r\\n]+"
            let spaces = "|\\p{White_Space}+(?!\\P{White_Space})|\\p{White_Space}+"
            return switch self {
            case .gpt2:
                "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\p{White_Space}\\p{L}\\p{N}]+" + spaces
            case .llama3: words + "|\\p{N}{1,3}" + rest + spaces
            case .qwen2: words + "|\\p{N}" + rest + spaces
            }
        }

        /// Whether texts are brought into Unicode's form C.
        var composes: Bool { self == .qwen2 }
        /// Whether what is a piece already is not merged anew.
        var ignoresMerges: Bool { self == .llama3 }
    }

    /// A piece's bytes, or nil where it is spelled by other characters than GPT-2's 256.
    static func bytes(of piece: Data) -> Data? {
        var bytes = Data()
        for scalar in String(decoding: piece, as: UTF8.self).unicodeScalars {
            guard let byte = byteOfScalar[scalar.value] else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    /// How such files spell the 256 bytes.
    private static let byteOfScalar: [UInt32: UInt8] = {
        var result: [UInt32: UInt8] = [:]
        for (byte, spelling) in zip(ByteSymbols.order, ByteSymbols.spellings) {
            for scalar in String(decoding: spelling, as: UTF8.self).unicodeScalars { result[scalar.value] = byte }
        }
        return result
    }()
}
