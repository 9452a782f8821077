internal import Archive
internal import Language

/// Matches what a statement says with what its verb declares, and gives every value its type.
struct Resolver {
    let source: Source
    let context: CheckContext
    let commands: CommandTable

    func command(_ verb: Statement.Name) throws(Diagnostic) -> any Command {
        if let command = commands[verb.text] { return command }
        throw Diagnostic(
            .unknownVerb, "unknown verb \"\(verb.text)\"", at: verb.span, in: source,
            suggestions: commands.suggestions(for: verb.text),
            help: help(onUnknown: verb.text))
    }

    private func help(onUnknown verb: String) -> String {
        if verb.hasPrefix("%") {
            let known = commands.commands.map(\.name).filter { $0.hasPrefix("%") }
            return "there are \(known.joined(separator: " ")); !COMMAND is run by the system's shell"
        }
        return source.prompt == nil ? "help lists all verbs" : "Tab lists all; ? shows help"
    }

    func arguments(_ invocation: Statement.Invocation, _ command: any Command) throws(Diagnostic) -> Arguments {
        var matched = Matched()
        try matchSlots(invocation, command, &matched)
        try matchKeys(invocation, command, &matched)
        return Arguments(
            values: matched.values, spans: matched.spans, given: matched.given, verbSpan: invocation.verb.span,
            statement: try resolved(invocation).canonical, resultName: invocation.result?.text,
            source: source, notes: matched.notes)
    }

    private struct Matched {
        var values: [String: Argument] = [:]
        var spans: [String: Span] = [:]
        var given: Set<String> = []
        var notes: [String] = []
    }

    private func matchSlots(
        _ invocation: Statement.Invocation, _ command: any Command, _ matched: inout Matched
    ) throws(Diagnostic) {
        var rest = invocation.values[...]
        for slot in command.slots {
            guard let first = rest.first else {
                guard slot.isRequired else { break }
                throw Diagnostic(
                    .missingArgument, "\(command.name) needs \(slot.name.uppercased()): \(slot.help)",
                    at: invocation.verb.span, in: source, help: command.usage)
            }
            matched.given.insert(slot.name)
            guard slot.takesMany else {
                matched.spans[slot.name] = first.span
                matched.values[slot.name] = try argument(first, slot.type, &matched.notes)
                rest = rest.dropFirst()
                continue
            }
            matched.spans[slot.name] = first.span.joined(with: rest.last?.span ?? first.span)
            var items: [Argument] = []
            for term in rest { items.append(try argument(term, slot.type, &matched.notes)) }
            matched.values[slot.name] = .list(items)
            rest = []
        }
        guard let surplus = rest.first else { return }
        let limit = command.slots.count
        throw Diagnostic(
            .surplusValue,
            "\(command.name) takes \(limit == 0 ? "no value" : "\(limit) value\(limit == 1 ? "" : "s")"), this is one more",
            at: surplus.span, in: source, help: command.usage)
    }

    private func matchKeys(
        _ invocation: Statement.Invocation, _ command: any Command, _ matched: inout Matched
    ) throws(Diagnostic) {
        let variant = command.slots.first.flatMap { slot in
            if case .text(let word) = matched.values[slot.name] { word } else { nil }
        }
        let fitting = command.keys.filter { key in key.only.map { $0.contains(variant ?? "") } ?? true }
        for option in invocation.options {
            guard let key = fitting.first(where: { $0.name == option.key.text }) else {
                throw unknownOption(option.key, command, variant: variant, fitting: fitting)
            }
            matched.given.insert(key.name)
            matched.spans[key.name] = option.value.span
            matched.values[key.name] = try argument(option.value, key.type, &matched.notes)
        }
        for key in fitting where matched.values[key.name] == nil {
            switch key.default {
            case .none: break
            case .required:
                throw Diagnostic(
                    .missingArgument, "\(command.name) needs \(key.name)=: \(key.help)", at: invocation.verb.span,
                    in: source, help: command.usage)
            case .value(let value):
                let term = Term(.word(value.canonical), invocation.verb.span)
                matched.values[key.name] = try coerce(value, term, key.type, &matched.notes)
            }
        }
    }

    private func unknownOption(
        _ key: Statement.Name, _ command: any Command, variant: String?, fitting: [Key]
    ) -> Diagnostic {
        let owner = command.keys.first { $0.name == key.text }
        if let kinds = owner?.only {
            return Diagnostic(
                .unknownOption, "\(command.name) \(variant ?? "") has no option \"\(key.text)\"", at: key.span,
                in: source,
                help: "it belongs to \(command.name) \(kinds.joined(separator: ", "))")
        }
        return Diagnostic(
            .unknownOption, "unknown option \"\(key.text)\" of \(command.name)", at: key.span, in: source,
            suggestions: Nearest.words(to: key.text, among: fitting.map(\.name)),
            help: source.prompt == nil
                ? "help \(command.name) lists all" : "Tab lists all; ?\(command.name) shows examples")
    }

    /// The statement as it is with the present variables: it means the same wherever it is read.
    private func resolved(_ invocation: Statement.Invocation) throws(Diagnostic) -> Statement.Invocation {
        let evaluator = Evaluator(source: source, scope: context.scope)
        var invocation = invocation
        for index in invocation.values.indices {
            invocation.values[index].form = try evaluator.value(of: invocation.values[index]).form
        }
        for index in invocation.options.indices {
            invocation.options[index].value.form = try evaluator.value(of: invocation.options[index].value).form
        }
        return invocation
    }

    private func argument(_ term: Term, _ type: ArgumentType, _ notes: inout [String]) throws(Diagnostic) -> Argument {
        let value = try Evaluator(source: source, scope: context.scope).value(of: term)
        let argument = try coerce(value, term, type, &notes)
        if type == .newPath, case .path(let path) = argument {
            // Known before the work whose result goes there.
            do { try AtomicWrite.check(path) } catch { throw Diagnostic(error, at: term.span, in: source) }
        }
        return argument
    }
}

extension Command {
    /// How a statement is written, in one line.
    public var usage: String {
        let values = slots.map { slot in
            switch slot.count {
            case .one: slot.name.uppercased()
            case .optional: "[\(slot.name.uppercased())]"
            case .several: "\(slot.name.uppercased())..."
            case .any: "[\(slot.name.uppercased())...]"
            }
        }
        let required = keys.compactMap { key in
            if case .required = key.default { "\(key.name)=..." } else { nil }
        }
        let optional = keys.count > required.count ? ["[key=value ...]"] : []
        return "usage: " + ([name] + values + required + optional).joined(separator: " ")
    }
}
