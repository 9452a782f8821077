extension CLIPTokenizer {
    /// Cuts a cleaned text into words: the marks, English contractions, runs of letters, single digits, and runs of
    /// whatever else is not white space.
    struct Words: IteratorProtocol {
        static let startOfText = Array("<start_of_text>".utf8)
        static let endOfText = Array("<end_of_text>".utf8)
        /// In the order in which they are tried.
        private static let fixed = [startOfText, endOfText] + contractions
        private static let contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"].map { Array($0.utf8) }

        private enum Kind { case letter, number, space, other }

        private let text: [Unicode.Scalar]
        private var position = 0

        init(of text: [Unicode.Scalar]) { self.text = text }

        mutating func next() -> String.UnicodeScalarView? {
            while position < text.count, kind(text[position]) == .space { position += 1 }
            guard position < text.count else { return nil }
            let start = position
            position += fixedLength(at: start) ?? runLength(at: start)
            return String.UnicodeScalarView(text[start..<position])
        }

        private func runLength(at start: Int) -> Int {
            let kind = self.kind(text[start])
            if kind == .number { return 1 }
            return text[start...].prefix { self.kind($0) == kind }.count
        }

        /// The length of a mark or contraction that begins here.
        private func fixedLength(at start: Int) -> Int? {
            guard text[start] == "<" || text[start] == "'" else { return nil }
            return Self.fixed.first {
                text[start...].prefix($0.count).elementsEqual($0, by: matches)
            }?.count
        }

        /// Equal without regard to case. The text is lower case already, but U+017F, the long s, is an s too.
        private func matches(_ scalar: Unicode.Scalar, _ letter: UInt8) -> Bool {
            scalar.value == UInt32(letter) || (scalar == "\u{17f}" && letter == UInt8(ascii: "s"))
        }

        private func kind(_ scalar: Unicode.Scalar) -> Kind {
            if scalar.isASCII {
                return switch scalar {
                case "a"..."z", "A"..."Z": .letter
                case "0"..."9": .number
                case "\t"..."\r", " ", "\u{1c}"..."\u{1f}": .space
                default: .other
                }
            }
            // The iota below has a letter for its capital and is none: to open_clip's pattern, blind to case, it is nothing.
            if scalar.properties.isWhitespace || scalar == "\u{345}" { return .space }
            return switch scalar.properties.generalCategory {
            case .lowercaseLetter, .uppercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: .letter
            case .decimalNumber, .letterNumber, .otherNumber: .number
            default: .other
            }
        }
    }
}
