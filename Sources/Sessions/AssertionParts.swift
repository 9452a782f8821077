internal import Language

/// Says what the parts of a failed assertion were.
struct AssertionParts {
    let evaluator: Evaluator

    /// `r.acc1 is 0.25, $least is 0.3`: every field and variable of an expression with its value.
    func text(of expression: Expression) -> String? {
        var parts: [String] = []
        collect(expression, into: &parts)
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }

    private func collect(_ expression: Expression, into parts: inout [String]) {
        switch expression.form {
        case .variable, .field:
            guard let value = try? evaluator.value(of: expression) else { return }
            let part = "\(expression.canonical) is \(value.canonical)"
            if !parts.contains(part) { parts.append(part) }
        case .negation(let operand), .not(let operand): collect(operand, into: &parts)
        case .binary(_, let left, let right):
            collect(left, into: &parts)
            collect(right, into: &parts)
        case .call(_, let arguments): arguments.forEach { collect($0, into: &parts) }
        case .number, .boolean, .string: break
        }
    }
}
