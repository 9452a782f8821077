/// Where a cursor stands in a statement that is being written: completion is decided by this alone.
public struct CursorContext: Equatable, Sendable {
    public enum Place: Equatable, Sendable {
        /// The first word of a statement.
        case verb
        /// Where a value or an option may begin; the index counts the values before it.
        case value(index: Int)
        /// Behind `key=`, perhaps inside a list.
        case optionValue(key: String)
        /// Inside `( )` or behind `if` and `assert`.
        case expression
        /// Where only this word of the language can stand.
        case word(String)
        /// Inside text, a comment, or a place where only a new name can stand.
        case nothing
    }

    public var place: Place
    /// The word under the cursor, as far as it is written, and where it begins (UTF-8 offset).
    public var prefix: String
    public var start: Int
    public var verb: String?
    /// The values before the cursor as they are written.
    public var values: [String] = []
    public var usedKeys: [String] = []
    /// The variables that earlier statements of the text name: those of loops, and what is bound.
    public var names: [String] = []
    /// Where the statement begins (UTF-8 offset).
    public var statementStart = 0
    /// How many blocks begin before the cursor and do not end there.
    public var openBlocks = 0

    /// The context at the end of a text.
    public static func at(endOf text: String) -> CursorContext {
        let bytes = Array(text.utf8)
        var start = bytes.count
        while start > 0, !bytes[start - 1].isWhiteSpace, !",[]()=;\"'".utf8.contains(bytes[start - 1]) { start -= 1 }
        var context = CursorContext(place: .verb, prefix: "", start: start)
        context.read(Source(name: "", text: String(decoding: bytes[..<start], as: UTF8.self), literate: false))
        if context.place == .expression {
            let operators = bytes[start...].lastIndex { "+-*/%<>!".utf8.contains($0) }
            if let operators { context.start = operators + 1 }
        }
        // A variable may stand within a path or a text or at the end of a range.
        if let dollar = bytes[context.start...].lastIndex(of: UInt8(ascii: "$")) {
            let name = bytes[(dollar + 1)...]
            let isBraced = name.first == UInt8(ascii: "{")
            if name.dropFirst(isBraced ? 1 : 0).allSatisfy(\.isNamePart) { context.start = dollar }
        }
        context.prefix = String(decoding: bytes[context.start...], as: UTF8.self)
        return context
    }

    /// Reads everything before the word under the cursor.
    private mutating func read(_ source: Source) {
        var lexer = Lexer(source)
        var brackets: [String] = []
        lexer.skipBlanks()
        if lexer.byte() == UInt8(ascii: "%"), lexer.byte(1).isNameStart {
            lexer.advance()
            begin("%" + lexer.take(while: \.isNamePart))
        }
        do throws(Diagnostic) {
            while true {
                let token = try lexer.next(place == .expression ? .expression : .value)
                if token.kind == .endOfText { break }
                step(token, source, &brackets)
                lexer.openBrackets = brackets.count
            }
        } catch {
            place = .nothing
        }
        // A comment reaches to the end of its line.
        let line = source.text(of: source.lineSpan(around: source.text.utf8.count))
        if line.hasPrefix("#") || line.contains(" #") { place = .nothing }
    }

    private mutating func step(_ token: Token, _ source: Source, _ brackets: inout [String]) {
        switch token.kind {
        case .separator:
            if verb == "let" || verb == "param" { names += usedKeys }
            if verb == "for" { names += values.prefix(1) }
            self = CursorContext(
                place: .verb, prefix: "", start: start, names: names, statementStart: token.span.end,
                openBlocks: openBlocks)
        case .symbol("("), .symbol("["):
            brackets.append(source.text(of: token.span))
            if brackets.last == "(" { place = .expression }
        case .symbol(")"), .symbol("]"):
            _ = brackets.popLast()
            if brackets.isEmpty { finishValue(token, source) }
        case .symbol(","): break
        case .key(let key):
            usedKeys.append(key)
            place = verb == "let" || verb == "param" ? .value(index: 0) : .optionValue(key: key)
        default:
            if place == .verb {
                begin(source.text(of: token.span))
            } else if brackets.isEmpty {
                finishValue(token, source)
            }
        }
    }

    private mutating func begin(_ word: String) {
        verb = word
        if word == "if" || word == "for" { openBlocks += 1 }
        if word == "end" { openBlocks -= 1 }
        switch word {
        case "if", "assert": place = .expression
        case "let", "param": place = .nothing
        case "for": place = .nothing
        case "else", "end": place = .nothing
        default: place = .value(index: 0)
        }
    }

    /// A whole value stands before the cursor.
    private mutating func finishValue(_ token: Token, _ source: Source) {
        if verb == "if" || verb == "assert" { return }
        let text = source.text(of: token.span)
        if verb == "for" {
            values.append(text)
            place = values.count == 1 ? .word("in") : text == "in" ? .value(index: 0) : .nothing
        } else if text == "as" {
            place = .nothing
        } else if usedKeys.isEmpty {
            values.append(text)
            place = .value(index: values.count)
        } else {
            place = .value(index: values.count)
        }
    }
}
