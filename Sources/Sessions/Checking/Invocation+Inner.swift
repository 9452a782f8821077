internal import Language

extension Statement.Invocation {
    /// The statement that the values and options of a verb such as `%time` are.
    func inner(of command: any Command, in source: Source) throws(Diagnostic) -> Statement.Invocation {
        guard let first = values.first, case .word(let word) = first.form else {
            throw Diagnostic(
                .missingArgument, "\(command.name) needs a statement: \(command.slots.first?.help ?? "")",
                at: values.first?.span ?? verb.span, in: source, help: command.usage)
        }
        var inner = self
        inner.verb = Statement.Name(word, first.span)
        inner.values.removeFirst()
        return inner
    }

    /// From its verb to its last value.
    var span: Span {
        let spans = values.map(\.span) + options.map(\.value.span) + (result.map { [$0.span] } ?? [])
        return spans.reduce(verb.span) { $0.joined(with: $1) }
    }
}
