/// One value in a table cell or in a field of a reply.
public enum Scalar: Sendable, Hashable {
    case number(Double)
    case integer(Int)
    case text(String)
    case boolean(Bool)
    /// A cell that holds nothing, such as a metric that a model does not have.
    case missing

    public var isNumeric: Bool {
        switch self {
        case .number, .integer: true
        case .text, .boolean, .missing: false
        }
    }
}

extension Scalar: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral, ExpressibleByStringInterpolation,
    ExpressibleByBooleanLiteral, ExpressibleByNilLiteral
{
    public init(floatLiteral value: Double) { self = .number(value) }
    public init(integerLiteral value: Int) { self = .integer(value) }
    public init(stringLiteral value: String) { self = .text(value) }
    public init(booleanLiteral value: Bool) { self = .boolean(value) }
    public init(nilLiteral: ()) { self = .missing }
}
