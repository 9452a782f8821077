/// What names mean where a term is evaluated.
public struct Scope: Sendable {
    /// What a field such as `r.emoji.acc1` turns out to be.
    public enum Field: Equatable, Sendable {
        case value(Value)
        /// No handle has the first part's name; the known ones follow.
        case unknownHandle(known: [String])
        /// The handle has no such field; the known ones follow.
        case unknownField(known: [String])
    }

    public var variables: [String: Value]
    /// Looks up a handle and the parts behind its dots.
    public var field: @Sendable ([String]) -> Field

    public init(
        variables: [String: Value] = [:],
        field: @escaping @Sendable ([String]) -> Field = { _ in .unknownHandle(known: []) }
    ) {
        self.variables = variables
        self.field = field
    }
}
