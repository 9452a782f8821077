/// The smallest piece of a recipe. Which pieces exist depends on where the parser stands (`Lexer.Mode`).
struct Token: Equatable {
    enum Kind: Equatable {
        case endOfText
        /// A line break or `;`.
        case separator
        case word(String)
        /// A name with `=` right behind it; the span covers the name.
        case key(String)
        case number(Double)
        case range(Term.Bound, Term.Bound)
        case string(Template)
        case path(Template)
        case variable(String)
        /// A name and the parts behind its dots, in an expression.
        case field([String])
        /// Brackets, commas and, in an expression, operators.
        case symbol(String)
    }

    let kind: Kind
    let span: Span
    /// Whether white space, a line's start or an opening bracket stands before it.
    let isSeparated: Bool
}
