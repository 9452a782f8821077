internal import Language

/// Checks statements before the first of them runs, as far as that can be: verbs, options, types, names, files. Results
/// that are still to come are known by their kind only, and expressions that read them have unknown values.
struct Checker {
    var context: CheckContext
    let commands: CommandTable
    /// What the command line sets parameters to.
    let overrides: [String: Source]
    private(set) var diagnostics: [Diagnostic] = []
    /// The parameters that the recipe declares, in order.
    private(set) var parameters: [ParameterDeclaration] = []
    /// The statements that will run, in order, loops unrolled.
    private(set) var steps: [RecipePlan.Step] = []
    /// Whether what is checked may run, as it does not in a branch that is certainly not taken.
    private var isReached = true
    /// The files that are being included, to refuse circles.
    private var including: [String] = []
    /// How many elements of a list a loop's body is checked for.
    private static let loopsChecked = 64

    init(context: CheckContext, commands: CommandTable, overrides: [String: Source] = [:]) {
        self.context = context
        self.commands = commands
        self.overrides = overrides
    }

    mutating func check(_ statements: [Statement], in source: Source) {
        for statement in statements {
            do throws(Diagnostic) {
                try check(statement, source)
            } catch {
                // A loop's body is checked for each of its elements: the same mistake is told once.
                let isKnown = diagnostics.contains { earlier in
                    earlier.span == error.span && earlier.message == error.message && earlier.source === error.source
                }
                if !isKnown { diagnostics.append(error) }
            }
        }
    }

    private mutating func check(_ statement: Statement, _ source: Source) throws(Diagnostic) {
        let evaluator = Evaluator(source: source, scope: context.scope)
        switch statement.form {
        case .invocation(let invocation): try check(invocation, source)
        case .binding(let name, let term):
            context.variables[name.text] = .unknown
            try refuseReserved(name, source)
            context.variables[name.text] = try evaluator.value(of: term)
        case .parameter(let name, let term, let description):
            context.variables[name.text] = .unknown
            try refuseReserved(name, source)
            let written = try evaluator.value(of: term)
            let value = try overrides[name.text].map { text throws(Diagnostic) in
                try ParameterDeclaration.value(text, like: written)
            }
            context.variables[name.text] = value ?? written
            parameters.append(
                ParameterDeclaration(
                    name: name.text, default: written, value: value ?? written, description: description,
                    span: term.span))
        case .assertion(let expression): _ = try evaluator.condition(expression)
        case .conditional(let condition, let then, let otherwise):
            try check(condition, then, otherwise, source)
        case .loop(let name, let values, let body):
            try refuseReserved(name, source)
            try check(loop: name, over: try evaluator.value(of: values), at: values.span, body, source)
        }
    }

    private mutating func check(_ invocation: Statement.Invocation, _ source: Source) throws(Diagnostic) {
        do throws(Diagnostic) {
            promise(invocation.result?.text, try kind(of: invocation, source))
        } catch {
            // What a faulty statement names is taken as made, so that one mistake is not reported wherever it is read.
            promise(invocation.result?.text, nil)
            throw error
        }
    }

    private mutating func promise(_ name: String?, _ kind: HandleKind?) {
        guard let name else { return }
        context.handles[name] = Handle(name: name, kind: kind)
        context.lastName = name
    }

    /// Checks a statement and gives the kind of its result.
    private mutating func kind(of invocation: Statement.Invocation, _ source: Source) throws(Diagnostic) -> HandleKind?
    {
        let resolver = Resolver(source: source, context: context, commands: commands)
        let command = try resolver.command(invocation.verb)
        if command.takesStatement { return try kind(of: try invocation.inner(of: command, in: source), source) }
        if let result = invocation.result { try refuseReserved(result, source) }
        let arguments = try resolver.arguments(invocation, command)
        try command.check(arguments, in: context)
        let kind = command.resultKind(arguments)
        if let result = invocation.result, kind == nil {
            throw Diagnostic(
                .noResult, "\(command.name) makes no result that could be named", at: result.span, in: source)
        }
        if command is IncludeCommand, let path = IncludeCommand.path(arguments, in: context) {
            try include(path, at: arguments)
        }
        if command.writesFiles { context.expectsFiles = true }
        steps.append(RecipePlan.Step(verb: command.name, arguments: arguments, name: invocation.result?.text))
        return kind
    }

    private func refuseReserved(_ name: Statement.Name, _ source: Source) throws(Diagnostic) {
        guard commands.verbs.contains(name.text) || HandleKind.kindWords.contains(name.text) else { return }
        throw Diagnostic(.reservedName, "\"\(name.text)\" is reserved and names nothing", at: name.span, in: source)
    }

    /// A branch that is certainly not taken is checked too, but may name files that do not exist; its results are dropped.
    private mutating func check(
        _ condition: Expression, _ then: [Statement], _ otherwise: [Statement], _ source: Source
    ) throws(Diagnostic) {
        let truth = try Evaluator(source: source, scope: context.scope).condition(condition)
        for (branch, isTaken) in [(then, truth), (otherwise, truth.map { !$0 })] {
            let before = (context, steps, isReached)
            if isTaken == false { (context.expectsFiles, isReached) = (true, false) }
            check(branch, in: source)
            if isTaken == false { (context, steps, isReached) = before }
        }
    }

    private mutating func check(
        loop name: Statement.Name, over values: Value, at span: Span, _ body: [Statement], _ source: Source
    ) throws(Diagnostic) {
        let elements: [Value]
        switch values {
        // A setting such as seeds=0 may switch a branch off: its statements still read what its loops would make.
        case .list(let items) where items.isEmpty && !isReached: elements = [.unknown]
        case .list(let items): elements = Array(items.prefix(Checker.loopsChecked))
        case .unknown: elements = [.unknown]
        default:
            throw Diagnostic(
                .wrongType, "a list or a range is needed here, not \(values.kindName)", at: span, in: source,
                help: "as in [a, b] or 1..4")
        }
        for element in elements {
            context.variables[name.text] = element
            check(body, in: source)
        }
    }

    private mutating func include(_ path: String, at arguments: Arguments) throws(Diagnostic) {
        guard !including.contains(path) else {
            throw arguments.diagnostic(.includeLoop, "\(path) includes itself", at: "recipe")
        }
        guard let source = try? Session.recipe(path) else { return }
        including.append(path)
        defer { including.removeLast() }
        switch Parser.parse(source) {
        case .complete(let statements): check(statements, in: source)
        case .incomplete(let diagnostic), .failed(let diagnostic): throw diagnostic
        }
    }
}
