public import Language

/// A `param` of a recipe: a value that the command line can set.
public struct ParameterDeclaration: Sendable {
    public let name: String
    public let `default`: Value
    /// The default, or what the command line says instead.
    public let value: Value
    public let description: String?
    /// Where the default stands in the recipe.
    let span: Span

    /// The value of `-p name=text`, which must be of the default's kind.
    static func value(_ text: Source, like written: Value) throws(Diagnostic) -> Value {
        let start = (text.text.firstIndex(of: "=").map { text.text[...$0].utf8.count }) ?? 0
        let raw = text.text(of: Span(start, text.text.utf8.count))
        let span = Span(start, text.text.utf8.count)
        switch written {
        case .string: return .string(raw)
        case .path: return .path(raw)
        case .word: return .word(raw)
        case .number, .boolean, .list, .unknown: break
        }
        let value = try parsed(raw, or: span, in: text)
        switch (value, written) {
        case (.number, .number), (.boolean, .boolean), (.list, .list), (_, .unknown): return value
        case (_, .list): return .list([value])
        default:
            throw Diagnostic(
                .wrongType, "\(written.kindName) is needed here, not \"\(raw)\"", at: span, in: text,
                help: "the recipe's own value is \(written.canonical)")
        }
    }

    private static func parsed(_ raw: String, or span: Span, in text: Source) throws(Diagnostic) -> Value {
        let source = Source(name: text.name, text: "let value=" + raw)
        guard case .complete(let statements) = Parser.parse(source), case .binding(_, let term) = statements.first?.form
        else {
            throw Diagnostic(.wrongType, "\"\(raw)\" is no value", at: span, in: text)
        }
        return try Evaluator(source: source, scope: Scope()).value(of: term)
    }
}
