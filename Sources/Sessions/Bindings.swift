/// The handles of a session in the order of their making, and what each was derived from.
public struct Bindings: Sendable {
    public struct Entry: Sendable {
        public let handle: Handle
        /// The statement that made it, in canonical form.
        public let statement: String
        /// What it was made from, as that was then.
        let inputs: [Entry]
    }

    public private(set) var entries: [Entry] = []
    private var nextVersion = 1
    /// The name of the handle that was made last: what `last` stands for.
    private(set) var lastName: String?

    public init() {}

    public var names: [String] { entries.map(\.handle.name) }

    public subscript(name: String) -> Entry? {
        let wanted = name == "last" ? lastName : name
        return entries.first { $0.handle.name == wanted }
    }

    /// Binds a name, in place of what it stood for before.
    @discardableResult
    public mutating func bind(
        _ name: String, to content: any HandleContent, statement: String, inputs: [Entry]
    ) -> Handle {
        let handle = Handle(name: name, kind: content.kind, content: content, version: nextVersion)
        nextVersion += 1
        entries.removeAll { $0.handle.name == name }
        entries.append(Entry(handle: handle, statement: statement, inputs: inputs))
        lastName = name
        return handle
    }

    /// The statements that made an entry, each behind those of everything it was made from.
    static func history(of entries: [Entry]) -> [String] {
        var statements: [String] = []
        func visit(_ entry: Entry) {
            if statements.contains(entry.statement) { return }
            for input in entry.inputs { visit(input) }
            statements.append(entry.statement)
        }
        entries.forEach(visit)
        return statements
    }

    public mutating func remove(_ name: String) {
        entries.removeAll { $0.handle.name == name }
        if lastName == name { lastName = entries.last?.handle.name }
    }

    /// Whether something it was made from, at any distance, has been bound anew or dropped since.
    public func isStale(_ entry: Entry) -> Bool {
        entry.inputs.contains { input in
            guard let current = self[input.handle.name] else { return true }
            // A statement may give its result the name of what it was made from.
            let isItself = current.handle.version == entry.handle.version
            return current.handle.version != input.handle.version && !isItself || isStale(input)
        }
    }
}
