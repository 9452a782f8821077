/// Cuts a source into tokens. It reads bytes; every byte above 127 can only stand in strings, paths and comments.
struct Lexer {
    /// Outside expressions `a-b` and `org/name` are words; inside them a hyphen is always minus.
    enum Mode {
        case value, expression
    }

    let source: Source
    private(set) var offset = 0
    /// How many brackets are open: inside them a line break is white space.
    var openBrackets = 0
    /// The comments passed so far, from their `#` to the end of the line.
    private(set) var comments: [Span] = []
    private var code: [UInt8] { source.code }

    init(_ source: Source) {
        self.source = source
    }

    mutating func next(_ mode: Mode) throws(Diagnostic) -> Token {
        let isSeparated = skipBlanks()
        let start = offset
        let kind = try kind(mode)
        return Token(kind: kind, span: Span(start, spanEnd(kind)), isSeparated: isSeparated)
    }

    /// The byte at an offset from the cursor, 0 past the end.
    func byte(_ ahead: Int = 0) -> UInt8 {
        offset + ahead < code.count ? code[offset + ahead] : 0
    }

    var isAtEnd: Bool { offset >= code.count }

    /// Skips spaces and comments, and line breaks inside brackets; says whether the next token stands apart.
    @discardableResult
    mutating func skipBlanks() -> Bool {
        let start = offset
        while !isAtEnd {
            switch byte() {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): offset += 1
            case UInt8(ascii: "\n") where openBrackets > 0: offset += 1
            case 0xef where offset == 0 && code.starts(with: [0xef, 0xbb, 0xbf]): offset += 3
            case UInt8(ascii: "#") where offset == 0 || code[offset - 1].isWhiteSpace || code[offset - 1] == 0xbf:
                let start = offset
                while !isAtEnd, byte() != UInt8(ascii: "\n") { offset += 1 }
                comments.append(Span(start, offset))
            default: return offset > start || start == 0 || "\n;([,".utf8.contains(code[start - 1])
            }
        }
        return true
    }

    private mutating func kind(_ mode: Mode) throws(Diagnostic) -> Token.Kind {
        if isAtEnd { return .endOfText }
        switch byte() {
        case UInt8(ascii: "\n"), UInt8(ascii: ";"):
            offset += 1
            return .separator
        case UInt8(ascii: "\""): return .string(try interpolatedString())
        case UInt8(ascii: "'"): return .string(try rawString())
        case UInt8(ascii: "$"): return try variableKind(mode)
        case UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: ","):
            offset += 1
            return .symbol(String(UnicodeScalar(code[offset - 1])))
        default:
            return switch mode {
            case .value: try valueKind()
            case .expression: try expressionKind()
            }
        }
    }

    /// A key's span covers the name without its `=`.
    private func spanEnd(_ kind: Token.Kind) -> Int {
        if case .key = kind { offset - 1 } else { offset }
    }

    mutating func advance(_ count: Int = 1) { offset += count }

    /// Takes bytes while they satisfy a condition and returns them as text.
    mutating func take(while condition: (UInt8) -> Bool) -> String {
        let start = offset
        while !isAtEnd, condition(byte()) { offset += 1 }
        return String(decoding: code[start..<offset], as: UTF8.self)
    }

    /// A diagnostic about the whole character at an offset.
    func unexpectedCharacter(_ help: String?) -> Diagnostic {
        var end = offset + 1
        while end < code.count, code[end] & 0xc0 == 0x80 { end += 1 }
        let character = DisplayWidth.printable(source.text(of: Span(offset, end)))
        return Diagnostic(
            .unexpectedCharacter, "unexpected character \"\(character)\"", at: Span(offset, end), in: source, help: help
        )
    }
}

extension UInt8 {
    var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }

    /// A letter or `_`.
    var isNameStart: Bool {
        (self | 0x20) >= UInt8(ascii: "a") && (self | 0x20) <= UInt8(ascii: "z") || self == UInt8(ascii: "_")
    }

    var isNamePart: Bool { isNameStart || isDigit }

    var isWordPart: Bool { isNamePart || ".:@/+-".utf8.contains(self) }

    var isWhiteSpace: Bool { " \t\r\n".utf8.contains(self) }
}
