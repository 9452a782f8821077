internal import Foundation

/// What BERT's tokenizers do first: control characters go, CJK ideographs stand alone, accents go, letters become small.
struct BERTNormaliser: Sendable {
    var cleans = true
    var separatesIdeographs = true
    var stripsAccents = true
    var lowercases = true

    func callAsFunction(_ text: [UInt8]) -> [UInt8] {
        var text = text
        if cleans {
            text = TextNormaliser.mapped(text) {
                Self.isDropped($0) ? [] : $0.properties.isWhitespace ? [" "] : nil
            }
        }
        let isASCII = text.allSatisfy { $0 < 0x80 }
        if separatesIdeographs, !isASCII {
            text = TextNormaliser.mapped(text) { Self.isIdeograph($0) ? [" ", $0, " "] : nil }
        }
        if stripsAccents, !isASCII {
            text = TextNormaliser.mapped(UnicodeForm.decomposed(text)) {
                $0.categoryOfUnicode8 == .nonspacingMark ? [] : nil
            }
        }
        return lowercases ? TextNormaliser.lowercase(text) : text
    }

    /// Control, format and private-use characters, and the sign for undecodable bytes; but not tab and line ends.
    private static func isDropped(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\t", "\n", "\r": false
        case "\u{fffd}": true
        default:
            switch scalar.categoryOfUnicode8 {
            case .control, .format, .privateUse: true
            default: false
            }
        }
    }

    private static let ideographs: [ClosedRange<UInt32>] = [
        0x4e00...0x9fff, 0x3400...0x4dbf, 0x20000...0x2a6df, 0x2a700...0x2b73f, 0x2b740...0x2b81f, 0x2b920...0x2ceaf,
        0xf900...0xfaff, 0x2f800...0x2fa1f,
    ]

    private static func isIdeograph(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= 0x3400 && ideographs.contains { $0.contains(scalar.value) }
    }
}

extension Unicode.Scalar {
    /// ASCII's signs, and what Unicode calls punctuation.
    var isPunctuation: Bool {
        if isASCII {
            return (33...47).contains(value) || (58...64).contains(value) || (91...96).contains(value)
                || (123...126).contains(value)
        }
        return switch categoryOfUnicode8 {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation:
            true
        default: false
        }
    }

    /// Categories as of Unicode 8, the tables that the published tokenizers were built with: a model has seen its
    /// training text through these.
    var categoryOfUnicode8: Unicode.GeneralCategory {
        if isASCII { return properties.generalCategory }
        if let then = Self.changedSince8[value] { return then }
        guard let age = properties.age, (age.major, age.minor) <= (8, 0) else { return .unassigned }
        return properties.generalCategory
    }

    private static let changedSince8: [UInt32: Unicode.GeneralCategory] = [
        0x166d: .otherPunctuation, 0x1734: .nonspacingMark, 0x1885: .otherLetter, 0x1886: .otherLetter,
        0xa9bd: .spacingMark, 0x111c9: .otherPunctuation, 0x1171e: .nonspacingMark,
    ]
}
