/// The named values of a result, in the order they were added: what `assert r.acc1 > 0.5` and `--format json` read.
///
/// Names may contain `@` (`image_retrieval_recall@5`); a group such as a set of pictures is a prefix with a dot
/// (`emoji.acc1`). Setting a name again keeps its place.
public struct Fields: Sendable, Hashable, ExpressibleByDictionaryLiteral, Sequence {
    public private(set) var names: [String] = []
    private var values: [String: Scalar] = [:]

    public init() {}

    public init(dictionaryLiteral elements: (String, Scalar)...) {
        for (name, value) in elements { self[name] = value }
    }

    public var isEmpty: Bool { names.isEmpty }

    public subscript(name: String) -> Scalar? {
        get { values[name] }
        set {
            if newValue == nil { names.removeAll { $0 == name } } else if values[name] == nil { names.append(name) }
            values[name] = newValue
        }
    }

    /// Adds all of `other`, each name behind `prefix` and a dot where one is given.
    public mutating func append(_ other: Fields, under prefix: String? = nil) {
        for (name, value) in other { self[prefix.map { "\($0).\(name)" } ?? name] = value }
    }

    public func makeIterator() -> some IteratorProtocol<(String, Scalar)> {
        names.lazy.map { (name: String) -> (String, Scalar) in (name, values[name] ?? .missing) }.makeIterator()
    }
}
