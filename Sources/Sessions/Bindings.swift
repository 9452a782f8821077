/// The handles of a session in the order of their making, and what each was derived from.
public struct Bindings: Sendable {
    public struct Entry: Sendable {
        public let handle: Handle
        /// The statement that made it, in canonical form.
        public let statement: String
        /// The handles it was made from, as they were then.
        let inputs: [Handle]
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
        _ name: String, to content: any HandleContent, statement: String, inputs: [Handle]
    ) -> Handle {
        let handle = Handle(name: name, kind: content.kind, content: content, version: nextVersion)
        nextVersion += 1
        entries.removeAll { $0.handle.name == name }
        entries.append(Entry(handle: handle, statement: statement, inputs: inputs))
        lastName = name
        return handle
    }

    public mutating func remove(_ name: String) {
        entries.removeAll { $0.handle.name == name }
        if lastName == name { lastName = entries.last?.handle.name }
    }

    /// Whether something it was made from, at any distance, has been bound anew or dropped since.
    public func isStale(_ entry: Entry) -> Bool {
        entry.inputs.contains { input in
            guard let current = self[input.name], current.handle.version == input.version else { return true }
            return isStale(current)
        }
    }
}
