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

    private func collect(_ expression: Expression, into found: inout [String]) {
        switch expression.form {
        case .variable, .field:
            guard let value = try? evaluator.value(of: expression) else { return }
            let part = "\(expression.canonical) is \(value.canonical)"
            if !found.contains(part) { found.append(part) }
        case .negation(let operand), .not(let operand): collect(operand, into: &found)
        case .binary(_, let left, let right):
            collect(left, into: &found)
            collect(right, into: &found)
        case .call(_, let parts), .list(let parts): parts.forEach { collect($0, into: &found) }
        case .number, .boolean, .string: break
        }
    }
}
