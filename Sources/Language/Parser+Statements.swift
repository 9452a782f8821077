/// Invocations and the end of a statement.
extension Parser {
    mutating func item() throws(Diagnostic) -> Statement {
        if let verb = try promptVerb() {
            let statement = try invocation(verb)
            try endStatement()
            return statement
        }
        let token = try take(.value)
        let verb: Statement.Name
        switch token.kind {
        case .word(let word) where word != "as" && word != "in": verb = Statement.Name(word, token.span)
        case .key(let key):
            throw Diagnostic(
                .noVerb, "a statement begins with a verb, not with an option", at: token.span, in: source,
                help: "to name a value write let \(key)=...")
        default:
            throw Diagnostic(
                .noVerb, "a statement begins with a verb", at: token.span, in: source,
                help: "as in load, tune or eval")
        }
        if let control = try control(verb) { return control }
        let statement = try invocation(verb)
        try endStatement()
        return statement
    }

    /// The verb of a line that belongs to the prompt, such as `%who`; recipes have none.
    private mutating func promptVerb() throws(Diagnostic) -> Statement.Name? {
        guard "%?!".utf8.contains(lexer.byte()) else { return nil }
        if source.prompt != nil, lexer.byte() == UInt8(ascii: "%"), lexer.byte(1).isNameStart {
            let start = lexer.offset
            lexer.advance()
            _ = lexer.take { $0.isNamePart }
            let span = Span(start, lexer.offset)
            return Statement.Name(source.text(of: span), span)
        }
        let line = source.lineSpan(around: lexer.offset)
        throw Diagnostic(
            .promptOnly, "lines that begin with % or ? belong to the prompt", at: Span(lexer.offset, line.end),
            in: source,
            help: "in a recipe write help TOPIC instead of ?topic")
    }

    private mutating func invocation(_ verb: Statement.Name) throws(Diagnostic) -> Statement {
        try refuseAssignment(verb)
        var invocation = Statement.Invocation(verb: verb, values: [], options: [], result: nil)
        var span = verb.span
        while true {
            let token = try peek(.value)
            switch token.kind {
            case .endOfText, .separator: return Statement(.invocation(invocation), span)
            case .word("as"):
                _ = try take(.value)
                let result = try name(after: Statement.Name("as", token.span), code: .badResultName)
                try refuseTextAfterResult()
                invocation.result = result
                return Statement(.invocation(invocation), span.joined(with: result.span))
            case .key(let text):
                let key = Statement.Name(text, token.span)
                try requireSpace(before: token)
                let value = try option(key, among: invocation.options)
                invocation.options.append(Statement.Option(key: key, value: value))
                span = span.joined(with: value.span)
            default:
                let value = try separatedTerm()
                guard invocation.options.isEmpty else {
                    throw Diagnostic(
                        .valueAfterOption, "a value cannot stand after an option", at: value.span, in: source,
                        help: "write values first: \(verb.text) VALUE key=value")
                }
                invocation.values.append(value)
                span = span.joined(with: value.span)
            }
        }
    }

    /// `x = 3`, as other languages have it.
    private func refuseAssignment(_ name: Statement.Name) throws(Diagnostic) {
        var ahead = lexer
        ahead.skipBlanks()
        guard ahead.byte() == UInt8(ascii: "="), Lexer.isName(name.text) else { return }
        throw Diagnostic(
            .spacedEquals, "a value is named by let, without spaces around \"=\"",
            at: Span(ahead.offset, ahead.offset + 1), in: source, help: "write let \(name.text)=value")
    }

    private mutating func option(
        _ key: Statement.Name, among earlier: [Statement.Option]
    ) throws(Diagnostic) -> Term {
        _ = try take(.value)
        if earlier.contains(where: { $0.key.text == key.text }) {
            throw Diagnostic(.repeatedOption, "option \"\(key.text)\" is given twice", at: key.span, in: source)
        }
        return try valueBehind(key)
    }

    /// The value right behind a key's `=`.
    mutating func valueBehind(_ key: Statement.Name) throws(Diagnostic) -> Term {
        if lexer.isAtEnd || lexer.byte().isWhiteSpace || ";,])".utf8.contains(lexer.byte()) {
            throw Diagnostic(
                .missingValue, "the value of \"\(key.text)\" is missing", at: Span(key.span.start, key.span.end + 1),
                in: source, help: "write it right behind the =, without a space")
        }
        return try term()
    }

    private func refuseTextAfterResult() throws(Diagnostic) {
        let token = try peek(.value)
        if token.kind == .separator || token.kind == .endOfText { return }
        throw Diagnostic(
            .badResultName, "\"as\" and the result's name end a statement", at: token.span, in: source,
            help: "move as NAME to the end")
    }

    /// Nothing may follow but a separator or the end.
    mutating func endStatement(_ mode: Lexer.Mode = .value) throws(Diagnostic) {
        let token = try peek(mode)
        if token.kind == .separator || token.kind == .endOfText { return }
        throw Diagnostic(
            .unexpectedText, "the statement should end here", at: token.span, in: source,
            help: "separate statements with a new line or ;")
    }

    func requireSpace(before token: Token) throws(Diagnostic) {
        let closes = token.kind == .symbol("]") || token.kind == .symbol(")")
        guard !token.isSeparated, !closes else { return }
        throw Diagnostic(.missingSpace, "white space is missing here", at: token.span, in: source)
    }
}
