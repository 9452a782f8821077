internal import Foundation

/// The step before the pieces of an uncased BERT: control characters go, accents go, letters become small, and every
/// CJK ideograph and punctuation mark is a word of its own.
enum BasicWords {
    static func split(_ text: Substring) -> [[Unicode.Scalar]] {
        var spaced = String.UnicodeScalarView()
        for scalar in text.unicodeScalars where !isDropped(scalar) {
            if isIdeograph(scalar) {
                spaced.append(contentsOf: [" ", scalar, " "])
            } else {
                spaced.append(scalar.properties.isWhitespace ? " " : scalar)
            }
        }
        var words: [[Unicode.Scalar]] = []
        var word: [Unicode.Scalar] = []
        func finish() {
            if !word.isEmpty { words.append(word) }
            word = []
        }
        for scalar in String(spaced).decomposedStringWithCanonicalMapping.unicodeScalars {
            if category(of: scalar) == .nonspacingMark { continue }
            for small in scalar.properties.lowercaseMapping.unicodeScalars {
                if small.properties.isWhitespace {
                    finish()
                } else if isPunctuation(small) {
                    finish()
                    words.append([small])
                } else {
                    word.append(small)
                }
            }
        }
        finish()
        return words
    }

    /// Control, format and private-use characters, and the sign for undecodable bytes; but not tab and line ends.
    private static func isDropped(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\t", "\n", "\r": false
        case "\u{fffd}": true
        default:
            switch category(of: scalar) {
            case .control, .format, .privateUse: true
            default: false
            }
        }
    }

    private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            return (33...47).contains(scalar.value) || (58...64).contains(scalar.value)
                || (91...96).contains(scalar.value) || (123...126).contains(scalar.value)
        }
        return switch category(of: scalar) {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation:
            true
        default: false
        }
    }

    /// Categories as of Unicode 8, the tables that the published tokenizers were built with: a model has seen its
    /// training text through these.
    private static func category(of scalar: Unicode.Scalar) -> Unicode.GeneralCategory {
        if scalar.isASCII { return scalar.properties.generalCategory }
        if let then = changedSince[scalar.value] { return then }
        guard let age = scalar.properties.age, (age.major, age.minor) <= (8, 0) else { return .unassigned }
        return scalar.properties.generalCategory
    }

    private static let changedSince: [UInt32: Unicode.GeneralCategory] = [
        0x166d: .otherPunctuation, 0x1734: .nonspacingMark, 0x1885: .otherLetter, 0x1886: .otherLetter,
        0xa9bd: .spacingMark, 0x111c9: .otherPunctuation, 0x1171e: .nonspacingMark,
    ]

    private static let ideographs: [ClosedRange<UInt32>] = [
        0x4e00...0x9fff, 0x3400...0x4dbf, 0x20000...0x2a6df, 0x2a700...0x2b73f, 0x2b740...0x2b81f, 0x2b920...0x2ceaf,
        0xf900...0xfaff, 0x2f800...0x2fa1f,
    ]

    private static func isIdeograph(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= 0x3400 && ideographs.contains { $0.contains(scalar.value) }
    }
}
