/// What is wrong with a text, where, and the way out. Every error a user sees about a recipe is one of these.
public struct Diagnostic: Error, Equatable, Sendable, CustomStringConvertible {
    public let code: Code
    /// One sentence, in lower case, without a full stop.
    public let message: String
    public let span: Span
    public let source: Source
    /// The nearest known words, offered as `did you mean`.
    public let suggestions: [String]
    /// What else helps: where to look, what to write.
    public let help: String?

    public init(
        _ code: Code, _ message: String, at span: Span, in source: Source, suggestions: [String] = [],
        help: String? = nil
    ) {
        self.code = code
        self.message = message
        self.span = span
        self.source = source
        self.suggestions = suggestions
        self.help = help
    }

    public static func == (left: Diagnostic, right: Diagnostic) -> Bool {
        left.code == right.code && left.message == right.message && left.span == right.span
            && left.suggestions == right.suggestions && left.help == right.help
    }

    public var description: String { rendered() }
}
