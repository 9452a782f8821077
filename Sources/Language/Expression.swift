/// Arithmetic and logic: what stands inside `( )` and after `if` and `assert`.
public struct Expression: Equatable, Sendable {
    public indirect enum Form: Equatable, Sendable {
        case number(Double)
        case boolean(Bool)
        case string(Template)
        case variable(String)
        /// A handle and the parts behind its dots: `r.emoji.acc1`.
        case field([String])
        case negation(Expression)
        case not(Expression)
        case binary(Operator, Expression, Expression)
        case call(Function, [Expression])
        case list([Expression])
    }

    public enum Operator: String, Sendable, CaseIterable {
        case or, and
        case equal = "=="
        case notEqual = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
        case plus = "+"
        case minus = "-"
        case times = "*"
        case over = "/"
        case remainder = "%"

        /// How tightly it binds; `not` stands at 3 and unary minus at 7.
        var precedence: Int {
            switch self {
            case .or: 1
            case .and: 2
            case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: 4
            case .plus, .minus: 5
            case .times, .over, .remainder: 6
            }
        }

        var isComparison: Bool { precedence == 4 }
    }

    public enum Function: String, Sendable, CaseIterable {
        case min, max, mean, std, len, round
    }

    public var form: Form
    public var span: Span

    public init(_ form: Form, _ span: Span) {
        self.form = form
        self.span = span
    }
}
