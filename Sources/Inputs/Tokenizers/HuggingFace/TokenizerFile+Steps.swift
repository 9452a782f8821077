internal import Archive
internal import Foundation

extension TokenizerFile {
    // MARK: Normalisers

    func normaliser(_ element: JSONNode) throws -> TextNormaliser {
        let type = try type(of: element, "normalizer")
        func flag(_ name: String) throws -> Bool { try required(element[name]?.boolean, name, of: type) }
        switch type {
        case "NFC": return .composed
        case "NFD": return .decomposed
        case "NFKC": return .compatiblyComposed
        case "NFKD": return .compatiblyDecomposed
        case "Lowercase": return .lowercase
        case "Strip": return .stripped(left: try flag("strip_left"), right: try flag("strip_right"))
        case "StripAccents": return .withoutAccents
        case "Nmt": return .nmt
        case "ByteLevel": return .byteLevel
        case "Prepend": return .prepended(try required(element["prepend"]?.bytes, "prepend", of: type))
        case "Replace":
            return .replaced(
                try pattern(element, type), with: try required(element["content"]?.bytes, "content", of: type))
        case "BertNormalizer", "Bert":
            let lowercases = try flag("lowercase")
            return .bert(
                BERTNormaliser(
                    cleans: try flag("clean_text"), separatesIdeographs: try flag("handle_chinese_chars"),
                    stripsAccents: element["strip_accents"]?.boolean ?? lowercases, lowercases: lowercases))
        case "Precompiled":
            let text = element["precompiled_charsmap"]?.text
            let map = text.flatMap { Data(base64Encoded: $0) }.flatMap { CharacterMap($0) }
            return .precompiled(try required(map, "precompiled_charsmap", of: type))
        case "Sequence":
            return .sequence(try required(element["normalizers"]?.elements, "normalizers", of: type).map(normaliser))
        default: throw unknown("normalizer", type)
        }
    }

    private func pattern(_ element: JSONNode, _ type: String) throws -> TextPattern {
        if let text = element["pattern"]?["String"]?.bytes { return TextPattern(literal: text) }
        let expression = try required(element["pattern"]?["Regex"]?.text, "pattern", of: type)
        guard let pattern = try? TextPattern(expression: expression) else {
            throw unusable("the pattern \(expression.prefix(60)) of its \(type) is not understood here")
        }
        return pattern
    }

    // MARK: Pre-tokenisers

    func division(_ element: JSONNode) throws -> TextDivision {
        let type = try type(of: element, "pre_tokenizer")
        switch type {
        case "BertPreTokenizer": return .bert
        case "Whitespace": return .pattern(try TextPattern(.words), .removed, isInverted: true)
        case "WhitespaceSplit": return .characters({ $0.properties.isWhitespace }, .removed)
        case "Punctuation": return .characters({ $0.isPunctuation }, try behaviour(element, type) ?? .isolated)
        case "Digits":
            let isIndividual = try required(element["individual_digits"]?.boolean, "individual_digits", of: type)
            return .characters({ $0.isNumber }, isIndividual ? .isolated : .contiguous)
        case "CharDelimiterSplit":
            let delimiter = Array((element["delimiter"]?.text ?? "").unicodeScalars)
            guard delimiter.count == 1 else { throw unusable("its \(type) has no sound delimiter") }
            return .characters({ $0 == delimiter[0] }, .removed)
        case "FixedLength":
            return .fixedLength(try required((element["length"]?.integer ?? 5).positive, "length", of: type))
        case "Split":
            return .pattern(
                try pattern(element, type), try required(behaviour(element, type), "behavior", of: type),
                isInverted: try required(element["invert"]?.boolean, "invert", of: type))
        case "Metaspace": return try metaspace(element)
        case "ByteLevel":
            return .byteLevel(
                addsSpace: try required(element["add_prefix_space"]?.boolean, "add_prefix_space", of: type),
                element["use_regex"]?.boolean ?? true ? try TextPattern(.gpt2) : nil)
        case "Sequence":
            return .sequence(try required(element["pretokenizers"]?.elements, "pretokenizers", of: type).map(division))
        default: throw unknown("pre_tokenizer", type)
        }
    }

    private func behaviour(_ element: JSONNode, _ type: String) throws -> TextDivision.Behaviour? {
        guard let name = element["behavior"]?.text else { return nil }
        guard let behaviour = TextDivision.Behaviour(rawValue: name) else {
            throw unusable("its \(type) has the behavior \(name.prefix(60)), which is not known here")
        }
        return behaviour
    }

    private func metaspace(_ element: JSONNode) throws -> TextDivision {
        let scheme = element["prepend_scheme"]?.text ?? "always"
        guard let prepending = TextDivision.Prepending(rawValue: scheme) else {
            throw unusable("its Metaspace has the prepend_scheme \(scheme.prefix(60)), which is not known here")
        }
        // Older files say only whether a space is added.
        let isPrepending = element["add_prefix_space"]?.boolean ?? true
        return .metaspace(
            sign: try required(element["replacement"]?.bytes, "replacement", of: "Metaspace"),
            isPrepending ? prepending : .never, splits: element["split"]?.boolean ?? true)
    }
}

extension Int {
    fileprivate var positive: Int? { self > 0 ? self : nil }
}

extension Unicode.Scalar {
    fileprivate var isNumber: Bool {
        switch properties.generalCategory {
        case .decimalNumber, .letterNumber, .otherNumber: true
        default: false
        }
    }
}
