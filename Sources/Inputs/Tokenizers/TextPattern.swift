internal import Foundation

/// What a tokenizer looks for in texts: a literal text, or a regular expression as Oniguruma understands it.
struct TextPattern: Sendable {
    private enum Form: Sendable {
        case literal([UInt8])
        case expression(NSRegularExpression)
    }

    private let form: Form

    init(literal: [UInt8]) { form = .literal(literal) }

    /// Throws for what is no regular expression, or uses something that ICU's do not have.
    init(expression: String) throws {
        form = .expression(try NSRegularExpression(pattern: ExpressionTranslation.icu(expression)))
    }

    /// Where it is found in a UTF-8 text, from left to right, as places in the slice.
    func matches(in text: ArraySlice<UInt8>) -> [Range<Int>] {
        switch form {
        case .literal(let wanted): Self.matches(of: wanted, in: text)
        case .expression(let expression): Self.matches(of: expression, in: text)
        }
    }

    private static func matches(of wanted: [UInt8], in text: ArraySlice<UInt8>) -> [Range<Int>] {
        guard let first = wanted.first else { return [] }
        var found: [Range<Int>] = []
        var position = text.startIndex
        while position + wanted.count <= text.endIndex {
            if text[position] == first, text[position..<position + wanted.count].elementsEqual(wanted) {
                found.append(position..<position + wanted.count)
                position += wanted.count
            } else {
                position += 1
            }
        }
        return found
    }

    private static func matches(of expression: NSRegularExpression, in text: ArraySlice<UInt8>) -> [Range<Int>] {
        let string = String(decoding: text, as: UTF8.self)
        let whole = NSRange(location: 0, length: string.utf16.count)
        let isASCII = whole.length == text.count
        var found: [Range<Int>] = []
        // A place in UTF-16 and in UTF-8; matches come in order.
        var (units, place) = (0, text.startIndex)
        func bytePlace(of location: Int) -> Int {
            if isASCII { return text.startIndex + location }
            while units < location {
                units += text[place] >= 0xf0 ? 2 : 1
                place += 1
                while place < text.endIndex, text[place] & 0xc0 == 0x80 { place += 1 }
            }
            return place
        }
        expression.enumerateMatches(in: string, range: whole) { result, _, _ in
            guard let range = result?.range else { return }
            let start = bytePlace(of: range.location)
            let match = start..<bytePlace(of: range.location + range.length)
            // An empty match right behind another is none to Oniguruma.
            if !match.isEmpty || found.last?.upperBound != match.lowerBound { found.append(match) }
        }
        return found
    }
}

/// A regular expression of Oniguruma's as one of ICU's: the same but for a few classes and anchors.
enum ExpressionTranslation {
    static func icu(_ pattern: String) -> String {
        var result = ""
        var depth = 0
        var scalars = Array(pattern.unicodeScalars)[...]
        while let scalar = scalars.popFirst() {
            switch scalar {
            case "\\":
                guard let next = scalars.popFirst() else { return result + "\\" }
                result += escapes[next] ?? "\\\(next)"
            case "[":
                depth += 1
                result += "["
            case "]":
                depth = max(0, depth - 1)
                result += "]"
            case "." where depth == 0: result += "[^\\n]"
            case "^" where depth == 0: result += "(?<![^\\n])"
            case "$" where depth == 0: result += "(?=\\n|\\z)"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// Oniguruma's word characters; it takes the fractions and superscripts of Latin-1 for such.
    private static let word = "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\u00b2\\u00b3\\u00b9\\u00bc-\\u00be"

    private static let escapes: [Unicode.Scalar: String] = [
        "s": "\\p{White_Space}", "S": "\\P{White_Space}", "w": "[\(word)]", "W": "[^\(word)]", "h": "[0-9a-fA-F]",
        "H": "[^0-9a-fA-F]", "v": "\\x0b",
    ]
}
