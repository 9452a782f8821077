/// One item of a recipe, with the spans of everything a diagnostic may point at.
public struct Statement: Equatable, Sendable {
    public indirect enum Form: Equatable, Sendable {
        case invocation(Invocation)
        case binding(Name, Term)
        case parameter(Name, Term, description: String?)
        case assertion(Expression)
        case conditional(Expression, then: [Statement], otherwise: [Statement])
        case loop(Name, in: Term, body: [Statement])
    }

    /// A name and where it stands.
    public struct Name: Equatable, Sendable {
        public var text: String
        public var span: Span

        public init(_ text: String, _ span: Span) {
            self.text = text
            self.span = span
        }
    }

    public struct Option: Equatable, Sendable {
        public var key: Name
        public var value: Term
    }

    /// A verb, its values, its options and the name of its result.
    public struct Invocation: Equatable, Sendable {
        public var verb: Name
        public var values: [Term]
        public var options: [Option]
        public var result: Name?
    }

    public var form: Form
    public var span: Span

    public init(_ form: Form, _ span: Span) {
        self.form = form
        self.span = span
    }

    /// The word that begins it.
    public var verb: String {
        switch form {
        case .invocation(let invocation): invocation.verb.text
        case .binding: "let"
        case .parameter: "param"
        case .assertion: "assert"
        case .conditional: "if"
        case .loop: "for"
        }
    }
}
