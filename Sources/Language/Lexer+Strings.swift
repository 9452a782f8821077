/// Strings, paths and the variables in them.
extension Lexer {
    mutating func rawString() throws(Diagnostic) -> Template {
        let start = offset
        advance()
        let text = take { $0 != UInt8(ascii: "'") && $0 != UInt8(ascii: "\n") }
        guard byte() == UInt8(ascii: "'") else { throw openString(from: start, quote: "'") }
        advance()
        return Template(text.isEmpty ? [] : [.text(text)])
    }

    mutating func interpolatedString() throws(Diagnostic) -> Template {
        let start = offset
        advance()
        var template = TemplateBuilder()
        while true {
            template.append(take { !"\"\\$\n".utf8.contains($0) })
            if isAtEnd || byte() == UInt8(ascii: "\n") { throw openString(from: start, quote: "\"") }
            switch byte() {
            case UInt8(ascii: "\\"): template.append(try escape())
            case UInt8(ascii: "$"): try interpolate(into: &template)
            default:
                advance()
                return template.finished
            }
        }
    }

    /// A path runs to white space or one of `, ] ) ;`.
    mutating func pathTemplate() throws(Diagnostic) -> Template {
        var template = TemplateBuilder()
        while true {
            template.append(take { !$0.isWhiteSpace && !",]);$".utf8.contains($0) })
            guard byte() == UInt8(ascii: "$") else { return template.finished }
            try interpolate(into: &template)
        }
    }

    /// `$name`, the longest name, or `${name}`.
    mutating func variableName() throws(Diagnostic) -> String {
        let start = offset
        advance()
        let isBraced = byte() == UInt8(ascii: "{")
        if isBraced { advance() }
        let name = take(while: \.isNamePart)
        let isClosed = !isBraced || byte() == UInt8(ascii: "}")
        if isBraced, isClosed { advance() }
        guard Lexer.isName(name), isClosed else {
            throw Diagnostic(
                .badVariable, "a variable's name must follow \"$\"", at: Span(start, max(offset, start + 1)),
                in: source,
                help: "write $name or ${name}, and \\$ for a dollar sign in a string")
        }
        return name
    }

    private mutating func interpolate(into template: inout TemplateBuilder) throws(Diagnostic) {
        let start = offset
        let name = try variableName()
        template.append(variable: name, Span(start, offset))
    }

    private mutating func escape() throws(Diagnostic) -> String {
        let start = offset
        advance()
        let character = byte()
        advance(isAtEnd ? 0 : 1)
        switch character {
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "$"): return String(UnicodeScalar(character))
        default:
            while byte() & 0xc0 == 0x80 { advance() }
            throw Diagnostic(
                .unknownEscape, "unknown escape in a string", at: Span(start, offset), in: source,
                help: "there are \\n \\t \\\" \\\\ and \\$; '...' takes everything as it is")
        }
    }

    private func openString(from start: Int, quote: String) -> Diagnostic {
        Diagnostic(
            .openString, "the string is not closed", at: Span(start, offset), in: source,
            help: "close it with \(quote) on the same line")
    }
}

/// Joins neighbouring pieces of text while a template is read.
private struct TemplateBuilder {
    private var parts: [Template.Part] = []
    private var text = ""

    mutating func append(_ piece: String) { text += piece }

    mutating func append(variable name: String, _ span: Span) {
        flush()
        parts.append(.variable(name, span))
    }

    private mutating func flush() {
        if !text.isEmpty { parts.append(.text(text)) }
        text = ""
    }

    var finished: Template {
        var copy = self
        copy.flush()
        return Template(copy.parts)
    }
}
