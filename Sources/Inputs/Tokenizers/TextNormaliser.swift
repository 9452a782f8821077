internal import Foundation

/// What is done to texts before they are divided: a `normalizer` of Hugging Face's tokenizers, or SentencePiece's.
indirect enum TextNormaliser: Sendable {
    case composed
    case decomposed
    case compatiblyComposed
    case compatiblyDecomposed
    case lowercase
    case stripped(left: Bool, right: Bool)
    case withoutAccents
    case replaced(TextPattern, with: [UInt8])
    case prepended([UInt8])
    /// What SentencePiece calls nmt: control characters go, odd white space becomes a space.
    case nmt
    case precompiled(CharacterMap)
    case bert(BERTNormaliser)
    case sentencePiece(SentencePieceNormaliser)
    /// Small letters, the final sigma by what stands around it (Unicode, section 3.13).
    case lowercaseInContext
    /// A character for each byte.
    case byteLevel
    case sequence([TextNormaliser])

    func callAsFunction(_ text: [UInt8]) -> [UInt8] {
        let isASCII = text.allSatisfy { $0 < 0x80 }
        switch self {
        case .composed: return isASCII ? text : UnicodeForm.composed(text)
        case .decomposed: return isASCII ? text : UnicodeForm.decomposed(text)
        case .compatiblyComposed: return isASCII ? text : UnicodeForm.compatiblyComposed(text)
        case .compatiblyDecomposed: return isASCII ? text : UnicodeForm.compatiblyDecomposed(text)
        case .lowercase:
            if isASCII { return text.map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 } }
            return Self.mapped(text) { scalar in
                if scalar.isASCII {
                    return ("A"..."Z").contains(scalar) ? [Unicode.Scalar(UInt8(scalar.value) | 0x20)] : nil
                }
                return Array(scalar.properties.lowercaseMapping.unicodeScalars)
            }
        case .stripped(let left, let right):
            var kept = Self.string(text).unicodeScalars[...]
            if left { kept = kept.drop { $0.properties.isWhitespace } }
            while right, kept.last?.properties.isWhitespace == true { kept.removeLast() }
            return Array(String(kept).utf8)
        case .withoutAccents: return isASCII ? text : Self.mapped(text) { UnicodeForm.isMark($0) ? [] : nil }
        case .replaced(let pattern, let replacement):
            var result: [UInt8] = []
            var start = 0
            for match in pattern.matches(in: text[...]) {
                result += text[start..<match.lowerBound]
                result += replacement
                start = match.upperBound
            }
            return start == 0 && result.isEmpty ? text : result + text[start...]
        case .prepended(let start): return text.isEmpty ? text : start + text
        case .nmt: return Self.mapped(text, Self.nmt)
        case .precompiled(let map): return Self.mapped(text, by: map)
        case .bert(let normaliser): return normaliser(text)
        case .sentencePiece(let normaliser): return normaliser(text)
        case .lowercaseInContext:
            if isASCII { return TextNormaliser.lowercase(text) }
            let small = Self.lowercasedInContext(Array(Self.string(text).unicodeScalars))
            return Array(String(String.UnicodeScalarView(small)).utf8)
        case .byteLevel: return ByteSymbols.spelled(text[...])
        case .sequence(let steps): return steps.reduce(text) { $1($0) }
        }
    }

    private static func string(_ text: [UInt8]) -> String { String(decoding: text, as: UTF8.self) }

    /// Replaces characters; where the closure gives nil one stays as it is.
    static func mapped(_ text: [UInt8], _ replacement: (Unicode.Scalar) -> [Unicode.Scalar]?) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        for (scalar, range) in UTF8Characters(text[...]) {
            if let scalars = replacement(scalar) {
                for scalar in scalars { result += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter }
            } else {
                result += text[range]
            }
        }
        return result
    }

    static func lowercasedInContext(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        text.indices.flatMap { index -> [Unicode.Scalar] in
            let scalar = text[index]
            if scalar == "Σ" { return [endsWord(text, index) ? "ς" : "σ"] }
            return Array(scalar.properties.lowercaseMapping.unicodeScalars)
        }
    }

    /// Whether the letter at `index` follows a cased letter and precedes none.
    private static func endsWord(_ text: [Unicode.Scalar], _ index: Int) -> Bool {
        let before = text[..<index].last { !$0.properties.isCaseIgnorable }
        let after = text[(index + 1)...].first { !$0.properties.isCaseIgnorable }
        return before?.properties.isCased == true && after?.properties.isCased != true
    }

    private static func nmt(_ scalar: Unicode.Scalar) -> [Unicode.Scalar]? {
        switch scalar.value {
        case 0x01...0x08, 0x0b, 0x0e...0x1f, 0x7f, 0x8f, 0x9f: []
        case 0x09, 0x0a, 0x0c, 0x0d, 0x1680, 0x200b...0x200f, 0x2028, 0x2029, 0x2581, 0xfeff, 0xfffd: [" "]
        default: nil
        }
    }

    /// As Hugging Face's tokenizers do it: a short user-perceived character as a whole by whatever begins it, then
    /// character by character.
    private static func mapped(_ text: [UInt8], by map: CharacterMap) -> [UInt8] {
        func replacement(_ bytes: [UInt8]) -> ArraySlice<UInt8>? {
            bytes.withUnsafeBytes { map.replacement(of: $0, .shortest)?.bytes }
        }
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        for character in string(text) {
            let bytes = Array(character.utf8)
            if bytes.count < 6, let whole = replacement(bytes) {
                result += whole
                continue
            }
            for scalar in character.unicodeScalars {
                let bytes = Array(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
                result += replacement(bytes) ?? bytes[...]
            }
        }
        return result
    }
}

extension Unicode.Scalar {
    var isMark: Bool {
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }
}
