internal import Language
internal import Rendering

/// Runs statements that have been checked, one after the other, and keeps what became of them.
struct Run {
    let session: Session
    let report: (StatementResult) -> Void
    private(set) var results: [StatementResult] = []

    init(session: Session, report: @escaping (StatementResult) -> Void) {
        self.session = session
        self.report = report
    }

    private var isOver: Bool {
        session.isFinished || results.last.map { $0.status != .ok } ?? false
    }

    /// Reports mistakes that were found before any work.
    mutating func refuse(_ diagnostics: [Diagnostic]) {
        for diagnostic in diagnostics {
            let line = diagnostic.source.text(of: diagnostic.source.lineSpan(around: diagnostic.span.start))
            add(
                StatementResult(
                    n: session.countStatement(), verb: "", name: nil, seconds: 0, statement: line,
                    outcome: .failure(diagnostic), isPaused: false))
        }
    }

    /// Runs statements and keeps those that succeed in the session's transcript, with the prose before each of them.
    mutating func transcribe(_ statements: [Statement], in source: Source) {
        var prose = source.prose[...]
        let comments = source.comments
        var end = 0
        for statement in statements where !isOver {
            let before = results.count
            run([statement], in: source)
            let made = results[before...]
            let lead = source.isLiterate ? comments.filter { $0.start >= end && $0.end <= statement.span.start } : []
            end = statement.span.end
            let isKept = session.commands[statement.verb]?.isKept ?? true
            guard isKept, made.allSatisfy({ $0.status == .ok }), !session.stop.isRaised else { continue }
            let entry = Transcript.Entry(
                number: session.inputs.isEmpty ? made.first?.n ?? session.count : session.inputs.count,
                statement: (lead.filter(source.isWholeLine).map { source.text(of: $0) }
                    + [statement.canonical(with: comments, of: source)]).joined(separator: "\n"),
                output: Reply(made.flatMap(\.blocks), fields: made.last?.fields ?? [:]),
                seconds: made.map(\.seconds).reduce(0, +), source: source, span: statement.span,
                tolerance: session.tolerance)
            let above = prose.prefix { $0.span.start < statement.span.start }
            keep(above.map(Transcript.Item.prose) + [.entry(entry)], at: statement.span, in: source)
            // Comments within the statement are part of it; between fences there is Markdown.
            prose = prose.dropFirst(above.count).drop { !source.isLiterate && $0.span.start < statement.span.end }
        }
        if !isOver { keep(prose.map(Transcript.Item.prose), at: Span(0, 0), in: source) }
    }

    private mutating func keep(_ items: [Transcript.Item], at span: Span, in source: Source) {
        do { for item in items { try session.keep(item) } } catch {
            refuse([Diagnostic(error, at: span, in: source)])
        }
    }

    mutating func run(_ statements: [Statement], in source: Source) {
        for statement in statements where !isOver {
            if session.stop.isRaised {
                refuse([Diagnostic(.interrupted, "stopped before this statement", at: statement.span, in: source)])
                return
            }
            switch statement.form {
            case .conditional(let condition, let then, let otherwise):
                step(statement, source) { run throws(Diagnostic) in
                    let isTrue = try run.evaluator(source).condition(condition) ?? false
                    run.run(isTrue ? then : otherwise, in: source)
                }
            case .loop(let name, let values, let body):
                step(statement, source) { run throws(Diagnostic) in
                    guard case .list(let elements) = try run.evaluator(source).value(of: values) else { return }
                    var sweep = Sweep(over: name.text)
                    run.session.loopVariables.append(name.text)
                    defer { run.session.loopVariables.removeLast() }
                    for element in elements where !run.isOver {
                        let before = run.results.count
                        run.session.variables[name.text] = element
                        run.run(body, in: source)
                        sweep.add(element, run.results[before...], in: run.session.bindings)
                    }
                    if !run.isOver, let reply = sweep.reply { run.add(summary: reply, of: statement) }
                }
            default: single(statement, source)
            }
        }
    }

    private func evaluator(_ source: Source) -> Evaluator {
        Evaluator(source: source, scope: session.context.scope)
    }

    /// A block answers nothing itself, but its condition or list may fail.
    private mutating func step(
        _ statement: Statement, _ source: Source, _ body: (inout Run) throws(Diagnostic) -> Void
    ) {
        do throws(Diagnostic) { try body(&self) } catch { refuse([error]) }
    }

    private mutating func single(_ statement: Statement, _ source: Source) {
        let clock = ContinuousClock()
        let start = clock.now
        let n = session.countStatement()
        var result: (reply: Reply, isPaused: Bool) = (Reply(), false)
        var failure: Diagnostic?
        let before = results.count
        do {
            result = try answer(statement, source)
        } catch {
            failure = Diagnostic(error, at: statement.span, in: source)
        }
        let elapsed = (clock.now - start) / .seconds(1)
        // The statements of an included recipe have reported for themselves; a failure among them is the last word.
        if failure == nil, results.count > before, isOver { return }
        var name: String?
        if case .invocation(let invocation) = statement.form { name = invocation.result?.text }
        add(
            StatementResult(
                n: n, verb: statement.verb, name: name,
                seconds: elapsed, statement: statement.canonical,
                outcome: failure.map(Result.failure) ?? .success(result.reply), isPaused: result.isPaused))
    }

    private mutating func add(summary reply: Reply, of statement: Statement) {
        add(
            StatementResult(
                n: session.countStatement(), verb: statement.verb, name: nil, seconds: 0,
                statement: statement.canonical,
                outcome: .success(reply), isPaused: false))
    }

    private mutating func add(_ result: StatementResult) {
        results.append(result)
        report(result)
    }

    private mutating func answer(_ statement: Statement, _ source: Source) throws -> (Reply, isPaused: Bool) {
        switch statement.form {
        case .binding(let name, let term):
            session.variables[name.text] = try evaluator(source).value(of: term)
        case .parameter(let name, let term, let description):
            try declare(name, term, description, source)
        case .assertion(let expression):
            guard try evaluator(source).condition(expression) != true else { break }
            throw Diagnostic(
                .assertion, "the assertion does not hold", at: expression.span, in: source,
                help: AssertionParts(evaluator: evaluator(source)).text(of: expression))
        case .invocation(let invocation): return try invoke(invocation, source)
        case .conditional, .loop: break
        }
        return (Reply(), false)
    }

    private func declare(
        _ name: Statement.Name, _ term: Term, _ description: String?, _ source: Source
    ) throws(Diagnostic) {
        let written = try evaluator(source).value(of: term)
        let override = session.overrides[name.text]
        let value = try override.map { text throws(Diagnostic) in try ParameterDeclaration.value(text, like: written) }
        let declaration = ParameterDeclaration(
            name: name.text, default: written, value: value ?? written, description: description, span: term.span)
        session.parameters.removeAll { $0.name == name.text }
        session.parameters.append(declaration)
        session.variables[name.text] = declaration.value
    }

    private mutating func invoke(_ invocation: Statement.Invocation, _ source: Source) throws -> (Reply, isPaused: Bool)
    {
        let resolver = Resolver(source: source, context: session.context, commands: session.commands)
        let command = try resolver.command(invocation.verb)
        if command.takesStatement {
            let inner = try invocation.inner(of: command, in: source)
            return try command is EstimateCommand ? estimate(inner, source) : time(inner, source)
        }
        let arguments = try resolver.arguments(invocation, command)
        try command.check(arguments, in: session.context)
        if command is IncludeCommand, let path = IncludeCommand.path(arguments, in: session.context) {
            try nested(arguments) { try $0.include(path) }
        }
        var outcome = try command.run(arguments, in: session)
        if let source = outcome.next { try nested(arguments) { try $0.follow(source) } }
        if let then = outcome.then, !isOver { outcome.reply = try then(session) }
        let earlier = outcome.continued.flatMap { session.bindings[$0] }
        if let name = invocation.result?.text ?? earlier?.handle.name, let content = outcome.content {
            session.bindings.bind(
                name, to: content, statement: earlier?.statement ?? arguments.statement,
                inputs: earlier?.inputs ?? session.entries(of: arguments.allHandles))
        }
        if !arguments.notes.isEmpty {
            outcome.reply.blocks.insert(.note(arguments.notes.joined(separator: "\n")), at: 0)
        }
        // A pause that the statement itself asked for does not end the recipe.
        return (outcome.reply, session.stop.isRaised && outcome.content?.isPaused ?? false)
    }

    /// Runs the statements that a statement stands for. What stands for itself has no end.
    private mutating func nested(_ arguments: Arguments, _ body: (inout Run) throws -> Void) throws {
        guard session.depth < Run.deepest else {
            throw arguments.diagnostic(
                .includeLoop, "this runs itself: \(Run.deepest) runs have begun within each other")
        }
        session.depth += 1
        defer { session.depth -= 1 }
        try body(&self)
    }

    /// How many recipes may include, or inputs rerun, each other.
    private static let deepest = 32

    /// Statements that a line of the prompt stands for.
    private mutating func follow(_ source: Source) throws {
        switch Parser.parse(source) {
        case .complete(let parsed):
            let statements = session.expanded(parsed, of: source)
            let diagnostics = session.check(statements, in: source).diagnostics
            if diagnostics.isEmpty { transcribe(statements, in: source) } else { refuse(diagnostics) }
        case .incomplete(let diagnostic), .failed(let diagnostic): throw diagnostic
        }
    }

    /// What a statement will take: of training by a rehearsal, of the rest by what it took before.
    private func estimate(
        _ invocation: Statement.Invocation, _ source: Source
    ) throws -> (Reply, isPaused: Bool) {
        let resolver = Resolver(source: source, context: session.context, commands: session.commands)
        let command = try resolver.command(invocation.verb)
        let arguments = try resolver.arguments(invocation, command)
        try command.check(arguments, in: session.context)
        guard command.keys.contains(where: { $0.name == "epochs" }) else {
            return (try session.trial(of: command, arguments), false)
        }
        session.isRehearsing = true
        defer { session.isRehearsing = false }
        return (try command.run(arguments, in: session).reply, false)
    }

    /// Runs a statement and adds the time and the memory that it took.
    private mutating func time(
        _ invocation: Statement.Invocation, _ source: Source
    ) throws -> (Reply, isPaused: Bool) {
        let (clock, processor) = (ContinuousClock(), Machine.processorSeconds)
        let start = clock.now
        let before = results.count
        transcribe([Statement(.invocation(invocation), invocation.span)], in: source)
        guard results[before...].allSatisfy({ $0.status == .ok }) else { return (Reply(), false) }
        let elapsed = (clock.now - start) / .seconds(1)
        let used = Machine.processorSeconds - processor
        let style = NumberStyle.significant(3)
        return (
            .note(
                "\(style.text(elapsed)) s, \(style.text(used)) s of processor time, at most "
                    + "\(Memory.text(Machine.peakMemory)) so far"), false
        )
    }

    private mutating func include(_ path: String) throws {
        let source = try Session.recipe(path)
        switch Parser.parse(source) {
        case .complete(let statements): run(statements, in: source)
        case .incomplete(let diagnostic), .failed(let diagnostic): throw diagnostic
        }
    }
}
