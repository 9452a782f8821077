/// A shape that an operation, a layer or a file's reader cannot accept. Thrown where a user's data enters;
/// inside the engine a mismatch is a programming error and traps with the same sentence.
public struct ShapeError: Error, Equatable, CustomStringConvertible {
    public let operation: String
    public let expected: String
    public let found: [Shape]

    public init(_ operation: String, expected: String, found: [Shape]) {
        self.operation = operation
        self.expected = expected
        self.found = found
    }

    public var description: String {
        "\(operation) expects \(expected), got \(found.map(\.description).joined(separator: " and "))"
    }
}

/// Traps with a `ShapeError` sentence unless the condition holds.
@inlinable
public func requireShape(
    _ condition: Bool, _ operation: @autoclosure () -> String, expected: @autoclosure () -> String, _ found: Shape...
) {
    precondition(condition, ShapeError(operation(), expected: expected(), found: found).description)
}
