/// A value as it is written in a statement. What a bare word means is decided by the slot that receives it.
public struct Term: Equatable, Sendable {
    public indirect enum Form: Equatable, Sendable {
        case number(Double)
        case boolean(Bool)
        case string(Template)
        case list([Term])
        /// Inclusive: `1..4` is 1, 2, 3, 4.
        case range(Bound, Bound)
        case variable(String)
        case word(String)
        case path(Template)
        case expression(Expression)
    }

    /// Where a range begins or ends.
    public enum Bound: Equatable, Sendable {
        case number(Double)
        case variable(String)
    }

    public var form: Form
    public var span: Span

    public init(_ form: Form, _ span: Span) {
        self.form = form
        self.span = span
    }
}
