import Foundation

/// Operators and functions.
extension Evaluator {
    func binary(
        _ operation: Expression.Operator, _ left: Expression, _ right: Expression, at span: Span
    ) throws(Diagnostic) -> Value {
        if operation == .and || operation == .or { return try connective(operation, left, right) }
        let first = try value(of: left)
        let second = try value(of: right)
        if first == .unknown || second == .unknown { return .unknown }
        switch (operation, first, second) {
        case (.equal, _, _): return .boolean(equal(first, second))
        case (.notEqual, _, _): return .boolean(!equal(first, second))
        case (.plus, .list(let a), .list(let b)): return .list(a + b)
        case (_, .number(let a), .number(let b)): return try arithmetic(operation, a, b, right.span)
        default: break
        }
        if let a = first.text, let b = second.text {
            switch operation {
            case .plus: return .string(a + b)
            case .less: return .boolean(a < b)
            case .lessOrEqual: return .boolean(a <= b)
            case .greater: return .boolean(a > b)
            case .greaterOrEqual: return .boolean(a >= b)
            default: break
            }
        }
        throw Diagnostic(
            .badOperand, "\"\(operation.rawValue)\" cannot join \(first.kindName) and \(second.kindName)", at: span,
            in: source)
    }

    /// `and` and `or` leave the right side alone when the left decides.
    private func connective(
        _ operation: Expression.Operator, _ left: Expression, _ right: Expression
    ) throws(Diagnostic) -> Value {
        let deciding = operation == .or
        if let first = try condition(left) {
            if first == deciding { return .boolean(deciding) }
            return try condition(right).map(Value.boolean) ?? .unknown
        }
        return try condition(right) == deciding ? .boolean(deciding) : .unknown
    }

    /// Words, texts and paths are equal when their characters are.
    private func equal(_ first: Value, _ second: Value) -> Bool {
        if let a = first.text, let b = second.text { return a == b }
        return first == second
    }

    private func arithmetic(
        _ operation: Expression.Operator, _ a: Double, _ b: Double, _ divisor: Span
    ) throws(Diagnostic) -> Value {
        switch operation {
        case .plus: return .number(a + b)
        case .minus: return .number(a - b)
        case .times: return .number(a * b)
        case .less: return .boolean(a < b)
        case .lessOrEqual: return .boolean(a <= b)
        case .greater: return .boolean(a > b)
        case .greaterOrEqual: return .boolean(a >= b)
        case .equal: return .boolean(a == b)
        case .notEqual: return .boolean(a != b)
        case .over, .remainder, .and, .or:
            guard b != 0 else { throw Diagnostic(.undefinedResult, "division by zero", at: divisor, in: source) }
            return .number(operation == .over ? a / b : a - b * (a / b).rounded(.down))
        }
    }

    /// A number, nil while it is unknown.
    func number(_ expression: Expression, for user: String) throws(Diagnostic) -> Double? {
        switch try value(of: expression) {
        case .number(let number): return number
        case .unknown: return nil
        case let other:
            throw Diagnostic(
                .badOperand, "\(user) needs a number, this is \(other.kindName)", at: expression.span, in: source)
        }
    }

    /// `min max mean std` take numbers or one list of them (`std` is the sample's, divided by n - 1); `len` a list or a
    /// text; `round` a number and, if wanted, how many decimals.
    func call(
        _ function: Expression.Function, _ arguments: [Expression], at span: Span
    ) throws(Diagnostic) -> Value {
        switch function {
        case .len: return try length(arguments, at: span)
        case .round: return try rounded(arguments, at: span)
        case .min, .max, .mean, .std:
            guard let numbers = try numbers(arguments, for: function.rawValue) else { return .unknown }
            guard !numbers.isEmpty else { throw needs("at least one number", function, at: span) }
            let mean = numbers.reduce(0, +) / Double(numbers.count)
            switch function {
            case .min: return .number(numbers.reduce(numbers[0], Swift.min))
            case .max: return .number(numbers.reduce(numbers[0], Swift.max))
            case .mean: return .number(mean)
            default:
                let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
                return .number((squares / Double(Swift.max(1, numbers.count - 1))).squareRoot())
            }
        }
    }

    private func needs(_ what: String, _ function: Expression.Function, at span: Span) -> Diagnostic {
        Diagnostic(.badOperand, "\(function.rawValue) needs \(what)", at: span, in: source)
    }

    private func length(_ arguments: [Expression], at span: Span) throws(Diagnostic) -> Value {
        guard arguments.count == 1 else { throw needs("one list or text", .len, at: span) }
        switch try value(of: arguments[0]) {
        case .list(let items): return .number(Double(items.count))
        case .string(let text), .word(let text), .path(let text): return .number(Double(text.count))
        case .unknown: return .unknown
        case .number, .boolean: throw needs("one list or text", .len, at: span)
        }
    }

    private func rounded(_ arguments: [Expression], at span: Span) throws(Diagnostic) -> Value {
        guard arguments.count == 1 || arguments.count == 2 else {
            throw needs("a number and perhaps its decimals", .round, at: span)
        }
        let value = try number(arguments[0], for: "round")
        let decimals = arguments.count == 2 ? try number(arguments[1], for: "round") : 0
        guard let value, let decimals else { return .unknown }
        guard decimals == decimals.rounded() else { throw needs("a whole number of decimals", .round, at: span) }
        let scale = pow(10, Swift.min(Swift.max(decimals, -15), 15))
        return .number((value * scale).rounded() / scale)
    }

    private func numbers(_ arguments: [Expression], for user: String) throws(Diagnostic) -> [Double]? {
        var numbers: [Double] = []
        var isKnown = true
        for argument in arguments {
            let value = try value(of: argument)
            let items = if case .list(let items) = value { items } else { [value] }
            for item in items {
                switch item {
                case .number(let number): numbers.append(number)
                case .unknown: isKnown = false
                default:
                    throw Diagnostic(
                        .badOperand, "\(user) needs numbers, this is \(item.kindName)", at: argument.span, in: source)
                }
            }
        }
        return isKnown ? numbers : nil
    }
}
