import Foundation

/// What CLIP does to a text before it looks for words. White space is left as it is: words end there anyway.
extension CLIPTokenizer {
    /// Repairs typography, decodes HTML character references twice, lower-cases.
    static func cleaned(_ text: String) -> [Unicode.Scalar] {
        if text.utf8.allSatisfy({ (0x20..<0x7f).contains($0) && $0 != UInt8(ascii: "&") }) {
            return text.lowercased().unicodeScalars.map { $0 }
        }
        let repaired = repaired(Array(text.unicodeScalars))
        return TextNormaliser.lowercasedInContext(HTMLEntities.decoded(HTMLEntities.decoded(repaired)))
    }

    /// ftfy's repairs but for the guessing of encodings, line by line until nothing changes: character references
    /// (none from the first line with a "<" on), typographic variants, terminal escapes, control characters, NFC.
    static func repaired(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var decodes = true
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            decodes = decodes && !line.contains("<")
            var line = Array(line)
            while true {
                let spelled = (decodes ? HTMLEntities.decodedStrictly(line) : line).flatMap(plainVariant)
                let next = composed(withoutControls(spelled))
                if next == line { return line }
                line = next
            }
        }
        return Array(lines.joined(separator: ["\n"]))
    }

    /// The plain spelling of a curly quote, a Latin ligature, a full- or half-width form, or a C1 control character
    /// that stands for a Windows-1252 one.
    private static func plainVariant(of scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        switch scalar.value {
        case 0x80...0x9f: [Windows1252.scalar(for: scalar)]
        case 0x02bc, 0x2018...0x201b: ["'"]
        case 0x201c...0x201f: ["\""]
        case 0x0149: ["'", "n"]
        case 0x0132, 0x0133, 0x01c4...0x01cc, 0x01f1...0x01f3, 0xfb00...0xfb04, 0xfb06, 0xff01...0xffef:
            compatible(scalar)
        case 0xfb05: ["\u{17f}", "t"]
        case 0x3000: [" "]
        default: [scalar]
        }
    }

    private static func compatible(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        Array(String(scalar).precomposedStringWithCompatibilityMapping.unicodeScalars)
    }

    /// Drops terminal escapes (`ESC [ 3 1 m`), control characters, deprecated format characters and byte-order marks.
    private static func withoutControls(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var kept: [Unicode.Scalar] = []
        kept.reserveCapacity(text.count)
        var position = 0
        while position < text.count {
            if let length = terminalEscapeLength(in: text[position...]) {
                position += length
                continue
            }
            switch text[position].value {
            case 0x00...0x08, 0x0b, 0x0e...0x1f, 0x7f, 0x206a...0x206f, 0xfeff, 0xfff9...0xfffc: break
            default: kept.append(text[position])
            }
            position += 1
        }
        return kept
    }

    private static func terminalEscapeLength(in text: ArraySlice<Unicode.Scalar>) -> Int? {
        guard text.first == "\u{1b}", text.dropFirst().first == "[" else { return nil }
        let parameters = text.dropFirst(2).prefix { $0 == ";" || $0.properties.generalCategory == .decimalNumber }
        switch text[parameters.endIndex...].first {
        case .some("a"..."z"), .some("A"..."Z"): return 3 + parameters.count
        default: return nil
        }
    }

    private static func composed(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        if text.allSatisfy({ $0.value < 0x300 }) { return text }
        return Array(String(String.UnicodeScalarView(text)).precomposedStringWithCanonicalMapping.unicodeScalars)
    }
}
