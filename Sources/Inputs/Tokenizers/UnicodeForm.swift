internal import Foundation

/// Unicode's normalisation forms (Annex 15) as the published tokenizers compute them: by the tables of Unicode 9, whatever
/// came later stays as it is.
enum UnicodeForm {
    static func composed(_ text: [UInt8]) -> [UInt8] { formed(text) { $0.precomposedStringWithCanonicalMapping } }

    static func decomposed(_ text: [UInt8]) -> [UInt8] { formed(text) { $0.decomposedStringWithCanonicalMapping } }

    /// Foundation's own form errs on some texts.
    static func compatiblyComposed(_ text: [UInt8]) -> [UInt8] {
        formed(text) { $0.decomposedStringWithCompatibilityMapping.precomposedStringWithCanonicalMapping }
    }

    static func compatiblyDecomposed(_ text: [UInt8]) -> [UInt8] {
        formed(text) { $0.decomposedStringWithCompatibilityMapping }
    }

    /// Whether a character was there already.
    static func knows(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x300, 0x4e00...0x9fd5, 0xac00...0xd7a3: true
        default: scalar.properties.age.map { $0.major <= 9 } ?? false
        }
    }

    /// Whether a character was a mark.
    static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1cf2, 0x1cf3: true
        case 0x111c9: false
        default: scalar.isMark && knows(scalar)
        }
    }

    private static func formed(_ text: [UInt8], _ form: (String) -> String) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var known = String.UnicodeScalarView()
        func finish() {
            result += Array(form(String(known)).utf8)
            known = String.UnicodeScalarView()
        }
        for (scalar, range) in UTF8Characters(text[...]) {
            if let marks = marks[scalar] {
                known.append(contentsOf: marks)
            } else if knows(scalar) {
                known.append(scalar)
            } else {
                finish()
                result += text[range]
            }
        }
        finish()
        return result
    }

    /// Base characters that consist of marks, which Foundation does not sort among others.
    private static let marks: [Unicode.Scalar: [Unicode.Scalar]] = [
        "\u{f73}": ["\u{f71}", "\u{f72}"], "\u{f75}": ["\u{f71}", "\u{f74}"], "\u{f81}": ["\u{f71}", "\u{f80}"],
    ]
}
