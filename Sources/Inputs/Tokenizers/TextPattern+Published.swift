internal import Foundation

/// How published tokenizers divide texts.
extension TextPattern {
    enum Published: String {
        /// Words with the space before them, numbers, the rest.
        case gpt2 = "gpt-2"
        /// The same with numbers of up to three digits.
        case llama3 = "llama-bpe"
        /// The same with single digits.
        case qwen2
        /// Words, or what is neither word nor white space, as the Rust library `regex` sees them.
        case words

        var expression: String {
            let beginning = #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+"#
            let rest = #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
            let word = #"\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\u200c\u200d"#
            return switch self {
            case .gpt2: #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#
            case .llama3: beginning + #"|\p{N}{1,3}"# + rest
            case .qwen2: beginning + #"|\p{N}"# + rest
            case .words: "[\(word)]+|[^\(word)\\s]+"
            }
        }
    }

    init(_ published: Published) throws { try self.init(expression: published.expression) }
}
