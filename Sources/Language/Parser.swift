/// Reads statements from a source. It knows the grammar and no verb.
public struct Parser {
    /// What a text is: the prompt asks for another line when it is incomplete.
    public enum Outcome: Equatable, Sendable {
        case complete([Statement])
        /// A bracket, a block or a fence is open at the end; the diagnostic says which.
        case incomplete(Diagnostic)
        case failed(Diagnostic)
    }

    /// Words that no handle, variable or parameter can be called.
    public static let reservedWords = [
        "as", "in", "end", "else", "true", "false", "last", "let", "param", "assert", "if", "for",
    ]

    /// Whether a word can name a handle, a variable or a parameter, as far as its letters go.
    public static func isName(_ word: String) -> Bool { Lexer.isName(word) }

    /// How deeply blocks, lists and expressions nest.
    static let deepest = 100

    var lexer: Lexer
    var depth = 0
    /// Set when the text ended while something was open.
    var isOpenAtEnd = false
    var source: Source { lexer.source }

    public static func parse(_ source: Source) -> Outcome {
        var parser = Parser(lexer: Lexer(source))
        do throws(Diagnostic) {
            let statements = try parser.program()
            if let fence = source.openFence {
                return .incomplete(Diagnostic(.openBlock, "the fence opened here is not closed", at: fence, in: source))
            }
            return .complete(statements)
        } catch {
            return parser.isOpenAtEnd ? .incomplete(error) : .failed(error)
        }
    }

    /// The comments of a text, as far as it can be parsed.
    static func comments(in source: Source) -> [Span] {
        var parser = Parser(lexer: Lexer(source))
        _ = try? parser.program()
        return parser.lexer.comments
    }

    private mutating func program() throws(Diagnostic) -> [Statement] {
        var statements: [Statement] = []
        while true {
            try skipSeparators()
            if lexer.isAtEnd { return statements }
            if let word = try blockWord() {
                throw Diagnostic(
                    .strayBlockWord, "\"\(word.text)\" belongs to no open block", at: word.span, in: source,
                    help: "blocks begin with if or for")
            }
            statements.append(try item())
        }
    }

    mutating func skipSeparators() throws(Diagnostic) {
        while true {
            lexer.skipBlanks()
            guard !lexer.isAtEnd, lexer.byte() == UInt8(ascii: "\n") || lexer.byte() == UInt8(ascii: ";") else {
                return
            }
            lexer.advance()
        }
    }

    /// `end` or `else` at the cursor.
    func blockWord() throws(Diagnostic) -> Statement.Name? {
        guard lexer.byte().isNameStart, case .word(let word) = try peek(.value).kind, word == "end" || word == "else"
        else { return nil }
        return Statement.Name(word, try peek(.value).span)
    }

    func peek(_ mode: Lexer.Mode) throws(Diagnostic) -> Token {
        var copy = lexer
        return try copy.next(mode)
    }

    mutating func take(_ mode: Lexer.Mode) throws(Diagnostic) -> Token {
        try lexer.next(mode)
    }

    /// Runs a piece of the grammar one level deeper.
    mutating func nested<Result>(
        at span: Span, _ body: (inout Parser) throws(Diagnostic) -> Result
    ) throws(Diagnostic) -> Result {
        guard depth < Parser.deepest else {
            throw Diagnostic(
                .tooDeep, "nested more than \(Parser.deepest) levels deep", at: span, in: source,
                help: "name a part with let and use $name")
        }
        depth += 1
        defer { depth -= 1 }
        return try body(&self)
    }

    /// The name behind a keyword; `as` and its like are no names.
    mutating func name(after keyword: Statement.Name, code: Diagnostic.Code) throws(Diagnostic) -> Statement.Name {
        let token = try take(.value)
        let text: String
        switch token.kind {
        case .word(let word), .key(let word): text = word
        case .number, .range: text = source.text(of: token.span)
        default:
            throw Diagnostic(
                code, "a name is missing after \"\(keyword.text)\"", at: keyword.span, in: source)
        }
        guard Lexer.isName(text) else {
            throw Diagnostic(
                .badName, "\"\(text)\" is not a name", at: token.span, in: source,
                help: "a name has letters, digits and _, and does not begin with a digit")
        }
        guard !Parser.reservedWords.contains(text) else {
            throw Diagnostic(.reservedName, "\"\(text)\" is reserved and names nothing", at: token.span, in: source)
        }
        return Statement.Name(text, token.span)
    }
}
