/// The extents of a dense row-major tensor, outermost first: `[B, T, D]`.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
    public let dimensions: [Int]
    /// The number of elements; 1 for the scalar shape `[]`.
    public let count: Int

    public init(_ dimensions: [Int]) {
        precondition(dimensions.allSatisfy { $0 >= 0 }, "a shape has no negative dimension: \(dimensions)")
        self.dimensions = dimensions
        count = dimensions.reduce(1, *)
    }

    public init(arrayLiteral elements: Int...) { self.init(elements) }

    public static let scalar: Shape = []

    public var rank: Int { dimensions.count }

    /// The extent of an axis; negative axes count from the end, as in NumPy.
    public subscript(axis: Int) -> Int { dimensions[axis < 0 ? rank + axis : axis] }

    /// All axes but the last folded into rows: `[B, T, D]` is `B·T` rows of `D`.
    public var rows: Int { rank == 0 ? 1 : dimensions.dropLast().reduce(1, *) }
    /// The extent of the last axis; 1 for a scalar.
    public var columns: Int { dimensions.last ?? 1 }

    public var description: String { "[" + dimensions.map(String.init).joined(separator: ", ") + "]" }
}
