/// Tokens of expressions: numbers, fields and operators.
extension Lexer {
    mutating func expressionKind() throws(Diagnostic) -> Token.Kind {
        let first = byte()
        if first.isDigit || first == UInt8(ascii: ".") && byte(1).isDigit { return .number(try expressionNumber()) }
        if first.isNameStart { return try fieldOrWord() }
        for symbol in ["==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "%"]
        where zip(symbol.utf8, 0...).allSatisfy({ $0 == byte($1) }) {
            advance(symbol.utf8.count)
            return .symbol(symbol)
        }
        switch first {
        case UInt8(ascii: "="): throw unexpectedCharacter("equality is ==")
        case UInt8(ascii: "!"): throw unexpectedCharacter("negation is the word not")
        case UInt8(ascii: "&"): throw unexpectedCharacter("conjunction is the word and")
        case UInt8(ascii: "|"): throw unexpectedCharacter("disjunction is the word or")
        default: throw unexpectedCharacter("put text in quotes")
        }
    }

    private mutating func expressionNumber() throws(Diagnostic) -> Double {
        let start = offset
        var text = take(while: \.isDigit)
        if byte() == UInt8(ascii: "."), byte(1) != UInt8(ascii: ".") {
            advance()
            text += "." + take(while: \.isDigit)
        }
        if byte() | 0x20 == UInt8(ascii: "e") {
            let sign = byte(1) == UInt8(ascii: "+") || byte(1) == UInt8(ascii: "-") ? 1 : 0
            if byte(1 + sign).isDigit {
                text += String(decoding: source.code[offset...(offset + sign)], as: UTF8.self)
                advance(1 + sign)
                text += take(while: \.isDigit)
            }
        }
        let span = Span(start, offset)
        guard !byte().isNamePart, byte() != UInt8(ascii: "."), let value = try number(text, at: span) else {
            let rest = take { $0.isNamePart || $0 == UInt8(ascii: ".") }
            throw Diagnostic(
                .badNumber, "\"\(text + rest)\" is not a number", at: Span(start, offset), in: source)
        }
        return value
    }

    private mutating func fieldOrWord() throws(Diagnostic) -> Token.Kind {
        var parts = [take(while: \.isNamePart)]
        while byte() == UInt8(ascii: ".") {
            let start = offset
            advance()
            let part = take { $0.isNamePart || $0 == UInt8(ascii: "@") }
            guard !part.isEmpty else {
                throw Diagnostic(
                    .missingOperand, "a field's name is missing behind the dot", at: Span(start, offset), in: source)
            }
            parts.append(part)
        }
        return .field(parts)
    }
}
