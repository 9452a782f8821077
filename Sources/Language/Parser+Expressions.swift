/// Expressions, by precedence climbing.
extension Parser {
    mutating func expression() throws(Diagnostic) -> Expression {
        try binary(minimum: 1)
    }

    private static let notPrecedence = 3

    private mutating func binary(minimum: Int) throws(Diagnostic) -> Expression {
        var left = try prefix(minimum: minimum)
        var links = 0
        while let (operation, span) = try peekOperator(), operation.precedence >= minimum {
            if operation.isComparison, case .binary(let earlier, _, _) = left.form, earlier.isComparison,
                source.code[left.span.start] != UInt8(ascii: "(")
            {
                throw Diagnostic(
                    .missingOperand, "comparisons do not chain", at: span, in: source, help: "write a < b and b < c")
            }
            links += 1
            guard depth + links < Parser.deepest else {
                throw Diagnostic(
                    .tooDeep, "the expression has more than \(Parser.deepest) parts", at: span, in: source,
                    help: "name a part with let and use $name")
            }
            _ = try take(.expression)
            let right = try nested(at: span) { parser throws(Diagnostic) in
                try parser.binary(minimum: operation.precedence + 1)
            }
            left = Expression(.binary(operation, left, right), left.span.joined(with: right.span))
        }
        return left
    }

    private func peekOperator() throws(Diagnostic) -> (Expression.Operator, Span)? {
        let token = try peek(.expression)
        let text: String
        switch token.kind {
        case .symbol(let symbol): text = symbol
        case .field(let parts) where parts.count == 1: text = parts[0]
        default: return nil
        }
        return Expression.Operator(rawValue: text).map { ($0, token.span) }
    }

    /// `not`, unary minus, or an operand.
    private mutating func prefix(minimum: Int) throws(Diagnostic) -> Expression {
        let token = try peek(.expression)
        switch token.kind {
        case .field(["not"]) where minimum <= Parser.notPrecedence:
            _ = try take(.expression)
            let operand = try nested(at: token.span) { parser throws(Diagnostic) in
                try parser.binary(minimum: Parser.notPrecedence)
            }
            return Expression(.not(operand), token.span.joined(with: operand.span))
        case .symbol("-"):
            _ = try take(.expression)
            let operand = try nested(at: token.span) { parser throws(Diagnostic) in
                try parser.prefix(minimum: minimum)
            }
            return Expression(.negation(operand), token.span.joined(with: operand.span))
        default: return try operand()
        }
    }

    private mutating func operand() throws(Diagnostic) -> Expression {
        let token = try take(.expression)
        switch token.kind {
        case .number(let number): return Expression(.number(number), token.span)
        case .string(let template): return Expression(.string(template), token.span)
        case .variable(let name): return Expression(.variable(name), token.span)
        case .field(["true"]): return Expression(.boolean(true), token.span)
        case .field(["false"]): return Expression(.boolean(false), token.span)
        case .field(let parts):
            if parts.count == 1, lexer.byte() == UInt8(ascii: "(") { return try call(parts[0], token.span) }
            if parts.count == 1, Expression.Operator(rawValue: parts[0]) != nil || parts[0] == "not" {
                throw missingOperand(at: token.span)
            }
            return Expression(.field(parts), token.span)
        case .symbol("("): return try bracketed(open: token.span)
        case .symbol("["):
            let (items, span) = try items(open: token.span, "[", "]")
            return Expression(.list(items), span)
        default: throw missingOperand(at: token.span)
        }
    }

    private mutating func missingOperand(at span: Span) -> Diagnostic {
        if lexer.isAtEnd, lexer.openBrackets > 0, span.start >= lexer.offset { isOpenAtEnd = true }
        return Diagnostic(
            .missingOperand, "a value is missing here", at: span, in: source,
            help: "numbers, \"text\", $name, handle.field, true, false, [a, b] or ( )")
    }

    private mutating func call(_ name: String, _ span: Span) throws(Diagnostic) -> Expression {
        guard let function = Expression.Function(rawValue: name) else {
            let known = Expression.Function.allCases.map(\.rawValue)
            throw Diagnostic(
                .unknownFunction, "unknown function \"\(name)\"", at: span, in: source,
                suggestions: Nearest.words(to: name, among: known), help: "there are \(known.joined(separator: " "))")
        }
        let (arguments, bracket) = try items(open: try take(.expression).span, "(", ")")
        return Expression(.call(function, arguments), span.joined(with: bracket))
    }

    /// Expressions with commas between them, up to and with the closing bracket.
    private mutating func items(
        open: Span, _ opening: String, _ closing: String
    ) throws(Diagnostic) -> ([Expression], Span) {
        try nested(at: open) { parser throws(Diagnostic) in
            parser.lexer.openBrackets += 1
            var items: [Expression] = []
            while true {
                let first = try parser.peekInside(opening, open: open, .expression)
                if first.kind == .symbol(closing), items.isEmpty { break }
                items.append(try parser.expression())
                let next = try parser.peekInside(opening, open: open, .expression)
                if next.kind == .symbol(closing) { break }
                guard next.kind == .symbol(",") else {
                    throw Diagnostic(
                        .bracket, "a comma or \"\(closing)\" is missing before this", at: next.span, in: parser.source)
                }
                _ = try parser.take(.expression)
            }
            let close = try parser.take(.expression)
            parser.lexer.openBrackets -= 1
            return (items, open.joined(with: close.span))
        }
    }
}
