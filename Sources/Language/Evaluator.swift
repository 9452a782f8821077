/// Gives terms and expressions their values.
public struct Evaluator {
    let source: Source
    let scope: Scope
    /// The longest list that a range may make.
    static let longestRange = 1_000_000

    public init(source: Source, scope: Scope) {
        self.source = source
        self.scope = scope
    }

    public func value(of term: Term) throws(Diagnostic) -> Value {
        switch term.form {
        case .number(let number): return .number(number)
        case .boolean(let boolean): return .boolean(boolean)
        case .string(let template): return try text(of: template).map(Value.string) ?? .unknown
        case .path(let template): return try text(of: template).map(Value.path) ?? .unknown
        case .word(let word): return .word(word)
        case .variable(let name): return try variable(name, at: term.span)
        case .expression(let expression): return try value(of: expression)
        case .range(let low, let high): return try range(low, high, at: term.span)
        case .list(let terms):
            var items: [Value] = []
            for item in terms { items.append(try value(of: item)) }
            return .list(items)
        }
    }

    public func value(of expression: Expression) throws(Diagnostic) -> Value {
        switch expression.form {
        case .number(let number): return .number(number)
        case .boolean(let boolean): return .boolean(boolean)
        case .string(let template): return try text(of: template).map(Value.string) ?? .unknown
        case .variable(let name): return try variable(name, at: expression.span)
        case .field(let parts): return try field(parts, at: expression.span)
        case .negation(let operand):
            return try number(operand, for: "unary -").map { .number(-$0) } ?? .unknown
        case .not(let operand):
            return try condition(operand).map { .boolean(!$0) } ?? .unknown
        case .binary(let operation, let left, let right):
            return try binary(operation, left, right, at: expression.span)
        case .call(let function, let arguments):
            return try call(function, arguments, at: expression.span)
        case .list(let items):
            var values: [Value] = []
            for item in items { values.append(try value(of: item)) }
            return .list(values)
        }
    }

    /// The truth of an expression, nil while it is unknown.
    public func condition(_ expression: Expression) throws(Diagnostic) -> Bool? {
        switch try value(of: expression) {
        case .boolean(let boolean): return boolean
        case .unknown: return nil
        case let other:
            throw Diagnostic(
                .badOperand, "true or false is needed here, this is \(other.kindName)", at: expression.span, in: source,
                help: "compare it, as in ... > 0")
        }
    }

    private func variable(_ name: String, at span: Span) throws(Diagnostic) -> Value {
        if let value = scope.variables[name] { return value }
        throw Diagnostic(
            .unknownVariable, "unknown variable \"$\(name)\"", at: span, in: source,
            suggestions: Nearest.words(to: name, among: scope.variables.keys).map { "$" + $0 },
            help: scope.variables.isEmpty ? "set one with let \(name)=value" : nil)
    }

    /// The text of a template, nil while a variable in it is unknown.
    func text(of template: Template) throws(Diagnostic) -> String? {
        var text = ""
        var isKnown = true
        for part in template.parts {
            switch part {
            case .text(let piece): text += piece
            case .variable(let name, let span):
                let value = try variable(name, at: span)
                if value == .unknown { isKnown = false }
                text += value.interpolated
            }
        }
        return isKnown ? text : nil
    }

    private func range(_ low: Term.Bound, _ high: Term.Bound, at span: Span) throws(Diagnostic) -> Value {
        guard let low = try number(low, at: span), let high = try number(high, at: span) else { return .unknown }
        guard low <= high, high - low < Double(Evaluator.longestRange) else {
            throw Diagnostic(
                .badRange, low > high ? "the range runs backwards" : "the range is too long", at: span, in: source,
                help: low > high ? "write the smaller number first" : nil)
        }
        return .list((0...Int(high - low)).map { .number(low + Double($0)) })
    }

    /// Nil while a variable is unknown.
    private func number(_ bound: Term.Bound, at span: Span) throws(Diagnostic) -> Double? {
        switch bound {
        case .number(let number): return number
        case .variable(let name):
            switch try variable(name, at: span) {
            case .number(let number): return number
            case .unknown: return nil
            case let other:
                throw Diagnostic(
                    .badRange, "a range lies between numbers, $\(name) is \(other.kindName)", at: span, in: source)
            }
        }
    }

    private func field(_ parts: [String], at span: Span) throws(Diagnostic) -> Value {
        let name = parts[0]
        switch scope.field(parts) {
        case .value(let value): return value
        case .unknownHandle(let known):
            let isVariable = scope.variables[name] != nil
            throw Diagnostic(
                .unknownHandle, "nothing here is called \"\(name)\"",
                at: Span(span.start, span.start + name.utf8.count), in: source,
                suggestions: isVariable ? ["$" + name] : Nearest.words(to: name, among: known),
                help: isVariable ? "a variable is written with $" : nil)
        case .unknownField(let known):
            let path = parts.dropFirst().joined(separator: ".")
            let shown = known.prefix(12).joined(separator: " ") + (known.count > 12 ? " ..." : "")
            throw Diagnostic(
                .unknownField,
                path.isEmpty
                    ? "\"\(name)\" is no value; name one of its fields"
                    : "\"\(name)\" has no field \"\(path)\"",
                at: span, in: source,
                suggestions: path.isEmpty ? [] : Nearest.words(to: path, among: known).map { "\(name).\($0)" },
                help: known.isEmpty ? "it has no fields" : "fields: \(shown)")
        }
    }
}
