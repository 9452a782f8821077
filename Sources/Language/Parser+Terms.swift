/// Values: numbers, strings, lists, paths, words, variables, and expressions in brackets.
extension Parser {
    mutating func separatedTerm() throws(Diagnostic) -> Term {
        try requireSpace(before: try peek(.value))
        return try term()
    }

    mutating func term() throws(Diagnostic) -> Term {
        let token = try take(.value)
        let form: Term.Form
        switch token.kind {
        case .number(let number): form = .number(number)
        case .range(let low, let high): form = .range(low, high)
        case .string(let template): form = .string(template)
        case .path(let template): form = .path(template)
        case .variable(let name): form = .variable(name)
        case .word("true"): form = .boolean(true)
        case .word("false"): form = .boolean(false)
        case .word("as"), .word("in"):
            throw Diagnostic(
                .reservedName, "\"\(source.text(of: token.span))\" cannot be a value", at: token.span, in: source,
                help: "put it in quotes if you mean the text")
        case .word(let word): form = .word(word)
        case .symbol("["): return try list(open: token.span)
        case .symbol("("): return try bracketedExpression(open: token.span)
        case .key(let key):
            throw Diagnostic(
                .unexpectedText, "an option cannot stand here", at: token.span, in: source,
                help: "\(key)= belongs directly in a statement, not inside a value")
        case .symbol(let symbol) where symbol == "]" || symbol == ")":
            throw Diagnostic(.bracket, "this \"\(symbol)\" closes nothing", at: token.span, in: source)
        case .symbol, .separator, .endOfText, .field:
            throw Diagnostic(.missingValue, "a value is missing here", at: token.span, in: source)
        }
        return Term(form, token.span)
    }

    private mutating func list(open: Span) throws(Diagnostic) -> Term {
        try nested(at: open) { parser throws(Diagnostic) in
            parser.lexer.openBrackets += 1
            var items: [Term] = []
            while true {
                let token = try parser.peekInside("[", open: open, .value)
                if token.kind == .symbol("]") {
                    if items.isEmpty { break }
                    throw Diagnostic(
                        .missingValue, "a value is missing behind the comma", at: token.span, in: parser.source,
                        help: "lists are written [a, b, c]")
                }
                items.append(try parser.term())
                let next = try parser.peekInside("[", open: open, .value)
                if next.kind == .symbol("]") { break }
                guard next.kind == .symbol(",") else {
                    throw Diagnostic(
                        .bracket, "a comma or \"]\" is missing before this", at: next.span, in: parser.source,
                        help: "lists are written [a, b, c]")
                }
                _ = try parser.take(.value)
            }
            let close = try parser.take(.value)
            parser.lexer.openBrackets -= 1
            return Term(.list(items), open.joined(with: close.span))
        }
    }

    private mutating func bracketedExpression(open: Span) throws(Diagnostic) -> Term {
        let expression = try bracketed(open: open)
        return Term(.expression(expression), Span(open.start, lexer.offset))
    }

    /// An expression behind an open bracket, up to and with the closing one; the span of a compound one covers both.
    mutating func bracketed(open: Span) throws(Diagnostic) -> Expression {
        try nested(at: open) { parser throws(Diagnostic) in
            parser.lexer.openBrackets += 1
            _ = try parser.peekInside("(", open: open, .expression)
            var inner = try parser.expression()
            let token = try parser.peekInside("(", open: open, .expression)
            guard token.kind == .symbol(")") else {
                throw Diagnostic(
                    .bracket, "an operator or \")\" is missing before this", at: token.span, in: parser.source)
            }
            let close = try parser.take(.expression)
            parser.lexer.openBrackets -= 1
            switch inner.form {
            case .binary, .not, .negation: inner.span = open.joined(with: close.span)
            default: break
            }
            return inner
        }
    }

    /// The next token inside a bracket; at the end of the text the bracket is reported as open.
    mutating func peekInside(_ bracket: String, open: Span, _ mode: Lexer.Mode) throws(Diagnostic) -> Token {
        let token = try peek(mode)
        switch token.kind {
        case .endOfText:
            isOpenAtEnd = true
            throw Diagnostic(.bracket, "the bracket \"\(bracket)\" is not closed", at: open, in: source)
        case .separator:
            throw Diagnostic(
                .bracket, "\";\" stands inside an open \"\(bracket)\"", at: token.span, in: source,
                help: "close the bracket first")
        default: return token
        }
    }
}
