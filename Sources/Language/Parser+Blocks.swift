/// `let`, `param`, `assert`, `if` and `for`.
extension Parser {
    /// The control that a word begins, or nil when the word is a verb.
    mutating func control(_ word: Statement.Name) throws(Diagnostic) -> Statement? {
        switch word.text {
        case "let": return try binding(word)
        case "param": return try parameter(word)
        case "assert":
            let expression = try expression()
            try endStatement(.expression)
            return Statement(.assertion(expression), word.span.joined(with: expression.span))
        case "if": return try nested(at: word.span) { parser throws(Diagnostic) in try parser.conditional(word) }
        case "for": return try nested(at: word.span) { parser throws(Diagnostic) in try parser.loop(word) }
        case "end", "else":
            throw Diagnostic(.strayBlockWord, "\"\(word.text)\" belongs to no open block", at: word.span, in: source)
        default: return nil
        }
    }

    private mutating func binding(_ keyword: Statement.Name) throws(Diagnostic) -> Statement {
        let (name, value) = try assignment(keyword)
        try endStatement()
        return Statement(.binding(name, value), keyword.span.joined(with: value.span))
    }

    private mutating func parameter(_ keyword: Statement.Name) throws(Diagnostic) -> Statement {
        let (name, value) = try assignment(keyword)
        var span = keyword.span.joined(with: value.span)
        var description: String?
        let token = try peek(.value)
        if case .string(let template) = token.kind {
            guard let literal = template.literal else {
                throw Diagnostic(
                    .malformedControl, "a parameter's description holds no variables", at: token.span, in: source)
            }
            try requireSpace(before: token)
            _ = try take(.value)
            description = literal
            span = span.joined(with: token.span)
        }
        try endStatement()
        return Statement(.parameter(name, value, description: description), span)
    }

    /// `NAME=value`.
    private mutating func assignment(_ keyword: Statement.Name) throws(Diagnostic) -> (Statement.Name, Term) {
        let isKey = if case .key = try peek(.value).kind { true } else { false }
        let name = try name(after: keyword, code: .malformedControl)
        guard isKey else {
            lexer.skipBlanks()
            let isSpaced = lexer.byte() == UInt8(ascii: "=")
            throw Diagnostic(
                isSpaced ? .spacedEquals : .malformedControl,
                isSpaced ? "no space may stand around \"=\"" : "\"=\" and a value are missing behind the name",
                at: isSpaced ? Span(lexer.offset, lexer.offset + 1) : name.span, in: source,
                help: "write \(keyword.text) \(name.text)=value")
        }
        return (name, try valueBehind(name))
    }

    private mutating func conditional(_ keyword: Statement.Name) throws(Diagnostic) -> Statement {
        let condition = try expression()
        try endStatement(.expression)
        var (then, close) = try block(keyword)
        var otherwise: [Statement] = []
        if close.text == "else" {
            let elseWord = close
            try endStatement()
            (otherwise, close) = try block(keyword)
            if close.text == "else" {
                throw Diagnostic(
                    .strayBlockWord, "this \"if\" has an \"else\" already", at: close.span, in: source,
                    help: "the first stands in line \(source.position(of: elseWord.span.start).line)")
            }
        }
        try endStatement()
        return Statement(
            .conditional(condition, then: then, otherwise: otherwise), keyword.span.joined(with: close.span))
    }

    private mutating func loop(_ keyword: Statement.Name) throws(Diagnostic) -> Statement {
        let name = try name(after: keyword, code: .malformedControl)
        let token = try take(.value)
        guard token.kind == .word("in") else {
            throw Diagnostic(
                .malformedControl, "\"in\" is missing behind the loop's name", at: name.span, in: source,
                help: "write for \(name.text) in [a, b] or for \(name.text) in 1..4")
        }
        if case .separator = try peek(.value).kind {
            throw Diagnostic(.missingValue, "what to loop over is missing after \"in\"", at: token.span, in: source)
        }
        let values = try separatedTerm()
        try endStatement()
        let (body, close) = try block(keyword)
        if close.text == "else" {
            throw Diagnostic(.strayBlockWord, "\"else\" belongs to \"if\", not to \"for\"", at: close.span, in: source)
        }
        try endStatement()
        return Statement(.loop(name, in: values, body: body), keyword.span.joined(with: close.span))
    }

    /// Statements up to `end` or `else`, which is taken and returned.
    private mutating func block(
        _ keyword: Statement.Name
    ) throws(Diagnostic) -> (statements: [Statement], close: Statement.Name) {
        var statements: [Statement] = []
        while true {
            try skipSeparators()
            if lexer.isAtEnd {
                isOpenAtEnd = true
                throw Diagnostic(
                    .openBlock, "the block that \"\(keyword.text)\" opens has no \"end\"", at: keyword.span, in: source)
            }
            if let close = try blockWord() {
                _ = try take(.value)
                return (statements, close)
            }
            statements.append(try item())
        }
    }
}
