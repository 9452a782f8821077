/// Tokens of statements: words, keys, numbers, ranges and paths.
extension Lexer {
    mutating func valueKind() throws(Diagnostic) -> Token.Kind {
        if startsPath { return .path(try pathTemplate()) }
        let first = byte()
        let isSigned = (first == UInt8(ascii: "-") || first == UInt8(ascii: "+") || first == UInt8(ascii: "."))
        guard first.isNamePart || isSigned && (byte(1).isDigit || byte(1) == UInt8(ascii: ".")) else {
            throw unexpectedValueCharacter()
        }
        let start = offset
        var word = take(while: \.isWordPart)
        // A share behind a word and a colon, as in `drop:10%`.
        if byte() == UInt8(ascii: "%"), word.contains(":") {
            word += "%"
            advance()
        }
        if byte() == UInt8(ascii: "="), byte(1) != UInt8(ascii: "=") {
            guard Lexer.isName(word) else {
                throw Diagnostic(
                    .badName, "\"\(word)\" is not a name", at: Span(start, offset), in: source,
                    help: "a name has letters, digits and _, and does not begin with a digit")
            }
            advance()
            return .key(word)
        }
        let span = Span(start, offset)
        if word.hasSuffix(".."), byte() == UInt8(ascii: "$"), let low = try number(String(word.dropLast(2)), at: span) {
            return .range(.number(low), .variable(try variableName()))
        }
        if let (low, high) = try range(word, at: span) { return .range(.number(low), .number(high)) }
        if let number = try number(word, at: span) { return .number(number) }
        guard first.isNamePart else {
            let isPath = word.allSatisfy { $0 == "." }
            throw Diagnostic(
                .badNumber, "\"\(word)\" is not a number", at: span, in: source,
                help: isPath ? "a path begins with ./ ../ / or ~/" : nil)
        }
        return .word(word)
    }

    /// `$name`, or a range that begins there.
    mutating func variableKind(_ mode: Mode) throws(Diagnostic) -> Token.Kind {
        let start = offset
        let name = try variableName()
        guard mode == .value, byte() == UInt8(ascii: "."), byte(1) == UInt8(ascii: ".") else { return .variable(name) }
        advance(2)
        if byte() == UInt8(ascii: "$") { return .range(.variable(name), .variable(try variableName())) }
        let word = take(while: \.isWordPart)
        let span = Span(start, offset)
        guard let high = try number(word, at: span) else { throw badRange(at: span) }
        return .range(.variable(name), .number(high))
    }

    private func badRange(at span: Span) -> Diagnostic {
        Diagnostic(
            .badRange, "a range has a number or a variable on both sides of its two dots", at: span, in: source,
            help: "as in 1..4 or 1..$n")
    }

    static func isName(_ word: String) -> Bool {
        guard let first = word.utf8.first, first.isNameStart else { return false }
        return word.utf8.allSatisfy(\.isNamePart)
    }

    private var startsPath: Bool {
        switch byte() {
        case UInt8(ascii: "/"): true
        case UInt8(ascii: "~"): byte(1) == UInt8(ascii: "/")
        case UInt8(ascii: "."):
            byte(1) == UInt8(ascii: "/") || byte(1) == UInt8(ascii: ".") && byte(2) == UInt8(ascii: "/")
        default: false
        }
    }

    /// `a..b` with a number on both sides; anything else with two dots is a word.
    private func range(_ word: String, at span: Span) throws(Diagnostic) -> (Double, Double)? {
        let bytes = Array(word.utf8)
        let dot = UInt8(ascii: ".")
        guard
            let split = bytes.indices.first(where: { $0 + 1 < bytes.count && bytes[$0] == dot && bytes[$0 + 1] == dot })
        else { return nil }
        let low = try number(String(decoding: bytes[..<split], as: UTF8.self), at: span)
        let high = try number(String(decoding: bytes[(split + 2)...], as: UTF8.self), at: span)
        if let low, let high { return (low, high) }
        guard low == nil, high == nil else { throw badRange(at: span) }
        return nil
    }

    /// The value of a text that is a number: digits, one point, an exponent, a sign.
    func number(_ text: String, at span: Span) throws(Diagnostic) -> Double? {
        let bytes = Array(text.utf8)
        guard bytes.contains(where: \.isDigit), bytes.allSatisfy({ $0.isDigit || ".eE+-".utf8.contains($0) }),
            let first = bytes.first, first != UInt8(ascii: "e"), first != UInt8(ascii: "E"), let value = Double(text)
        else { return nil }
        guard value.isFinite else {
            throw Diagnostic(.badNumber, "the number \(text) is too large", at: span, in: source)
        }
        return value
    }

    private func unexpectedValueCharacter() -> Diagnostic {
        switch byte() {
        case UInt8(ascii: "="):
            return Diagnostic(
                .spacedEquals, "no space may stand around \"=\"", at: Span(offset, offset + 1), in: source,
                help: "write key=value")
        case UInt8(ascii: "#"):
            return unexpectedCharacter("a comment begins with # after white space")
        case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "<"), UInt8(ascii: ">"),
            UInt8(ascii: "%"):
            return unexpectedCharacter("arithmetic stands in ( )")
        default:
            return unexpectedCharacter("put text in quotes")
        }
    }
}
