/// The canonical form: one spelling for each statement, which parses back to the same statement.
extension Statement {
    /// The statement in its canonical form; blocks are indented by four spaces a level.
    public var canonical: String {
        var printer = StatementPrinter()
        return printer.lines(self).joined(separator: "\n")
    }

    /// The same with the comments that stand within the statement and behind it in its last line.
    /// - `comments`: of the source, in their order.
    public func canonical(with comments: [Span], of source: Source) -> String {
        var printer = StatementPrinter(source, comments.drop { $0.start < span.start })
        return printer.lines(self).joined(separator: "\n")
    }
}

extension Statement.Invocation {
    public var canonical: String {
        let words = [verb.text] + values.map(\.canonical) + options.map { "\($0.key.text)=\($0.value.canonical)" }
        return words.joined(separator: " ") + (result.map { " as \($0.text)" } ?? "")
    }
}

extension Term {
    public var canonical: String {
        switch form {
        case .number(let number): Value.format(number)
        case .boolean(let boolean): boolean ? "true" : "false"
        case .string(let template): template.quoted
        case .list(let items): "[" + items.map(\.canonical).joined(separator: ", ") + "]"
        case .range(let low, let high): "\(low.canonical)..\(high.canonical)"
        case .variable(let name): "$" + name
        case .word(let word): word
        case .path(let template): template.plain
        case .expression(let expression): "(\(expression.canonical))"
        }
    }
}

extension Term.Bound {
    fileprivate var canonical: String {
        switch self {
        case .number(let number): Value.format(number)
        case .variable(let name): "$" + name
        }
    }
}

extension Template {
    /// In double quotes, with escapes.
    var quoted: String {
        let pieces = parts.map { part in
            switch part {
            case .variable(let name, _): return "${\(name)}"
            case .text(let text):
                return text.unicodeScalars.map { scalar in
                    switch scalar {
                    case "\n": "\\n"
                    case "\t": "\\t"
                    case "\"", "\\", "$": "\\\(scalar)"
                    default: String(scalar)
                    }
                }.joined()
            }
        }
        return "\"\(pieces.joined())\""
    }

    /// As a path is written.
    var plain: String {
        parts.map { part in
            switch part {
            case .variable(let name, _): "${\(name)}"
            case .text(let text): text
            }
        }.joined()
    }
}

extension Value {
    /// As it would be written in a recipe.
    public var canonical: String {
        switch self {
        case .number(let number): Value.format(number)
        case .boolean(let boolean): boolean ? "true" : "false"
        case .string(let text): Template([.text(text)]).quoted
        case .word(let text), .path(let text): text
        case .list(let items): "[" + items.map(\.canonical).joined(separator: ", ") + "]"
        case .unknown: "?"
        }
    }
}

extension Expression {
    /// With only the brackets that the precedences need.
    public var canonical: String { canonical(within: 0) }

    private func canonical(within outer: Int) -> String {
        let text: String
        let precedence: Int
        switch form {
        case .number(let number): (text, precedence) = (Value.format(number), 9)
        case .boolean(let boolean): (text, precedence) = (boolean ? "true" : "false", 9)
        case .string(let template): (text, precedence) = (template.quoted, 9)
        case .variable(let name): (text, precedence) = ("$" + name, 9)
        case .field(let parts): (text, precedence) = (parts.joined(separator: "."), 9)
        case .negation(let operand): (text, precedence) = ("-" + operand.canonical(within: 8), 7)
        case .not(let operand): (text, precedence) = ("not " + operand.canonical(within: 3), 3)
        case .call(let function, let arguments):
            (text, precedence) = ("\(function.rawValue)(\(Self.list(arguments)))", 9)
        case .list(let items): (text, precedence) = ("[\(Self.list(items))]", 9)
        case .binary(let operation, let left, let right):
            precedence = operation.precedence
            // Comparisons do not chain, so both of their sides bind more tightly.
            let leftBound = operation.isComparison ? precedence + 1 : precedence
            text =
                left.canonical(within: leftBound) + " \(operation.rawValue) " + right.canonical(within: precedence + 1)
        }
        return precedence < outer ? "(\(text))" : text
    }

    private static func list(_ items: [Expression]) -> String {
        items.map { $0.canonical(within: 0) }.joined(separator: ", ")
    }
}
