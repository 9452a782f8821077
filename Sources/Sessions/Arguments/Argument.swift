public import Language

/// A value of a statement after its check: of the declared type, names resolved.
public indirect enum Argument: Sendable {
    case integer(Int)
    case number(Double)
    case boolean(Bool)
    /// A text, a choice or a prefixed word.
    case text(String)
    /// Absolute.
    case path(String)
    case handle(Handle)
    case list([Argument])
    /// What an `anything` slot received.
    case value(Value)
    /// Known only when the recipe runs.
    case unknown
}

/// The values of one statement by the names of its slots and keys, after a complete check.
public struct Arguments: Sendable {
    let values: [String: Argument]
    let spans: [String: Span]
    /// The keys and slots that the statement itself gives; the others have their defaults.
    public let given: Set<String>
    public let verbSpan: Span
    /// The whole statement with its variables replaced by their values, in canonical form.
    public let statement: String
    /// What `as` calls the result.
    public let resultName: String?
    public let source: Source
    /// What the check wants to tell the user, such as which of two readings was taken.
    public let notes: [String]

    public subscript(name: String) -> Argument? { values[name] }

    public func integer(_ name: String) -> Int? {
        if case .integer(let value) = values[name] { value } else { nil }
    }

    public func number(_ name: String) -> Double? {
        switch values[name] {
        case .number(let value): value
        case .integer(let value): Double(value)
        default: nil
        }
    }

    public func boolean(_ name: String) -> Bool? {
        if case .boolean(let value) = values[name] { value } else { nil }
    }

    public func text(_ name: String) -> String? {
        if case .text(let value) = values[name] { value } else { nil }
    }

    public func path(_ name: String) -> String? {
        if case .path(let value) = values[name] { value } else { nil }
    }

    public func handle(_ name: String) -> Handle? {
        if case .handle(let value) = values[name] { value } else { nil }
    }

    /// The elements of a list, nil when it is not given.
    public func list(_ name: String) -> [Argument]? {
        if case .list(let values) = values[name] { values } else { nil }
    }

    public func texts(_ name: String) -> [String]? {
        list(name)?.compactMap { if case .text(let text) = $0 { text } else { nil } }
    }

    public func handles(_ name: String) -> [Handle] {
        (list(name) ?? []).compactMap { if case .handle(let handle) = $0 { handle } else { nil } }
    }

    /// Every handle among the values: what the result is derived from.
    var allHandles: [Handle] {
        func handles(_ argument: Argument) -> [Handle] {
            switch argument {
            case .handle(let handle): [handle]
            case .list(let items): items.flatMap(handles)
            default: []
            }
        }
        return values.values.flatMap(handles)
    }

    /// What a handle holds, as the type that its kind promises.
    public func content<Content: HandleContent>(_ name: String, as type: Content.Type = Content.self) throws -> Content
    {
        guard let handle = handle(name) else {
            throw diagnostic(.missingArgument, "\"\(name)\" is missing", at: name)
        }
        return try content(of: handle, at: name)
    }

    public func content<Content: HandleContent>(
        of handle: Handle, at name: String, as type: Content.Type = Content.self
    ) throws -> Content {
        guard let content = handle.content as? Content else {
            throw diagnostic(
                .wrongKind, "\"\(handle.name)\" holds \(handle.kindText), which cannot serve here", at: name)
        }
        return content
    }

    /// Where a slot's or key's value stands; the verb when it is not given.
    public func span(of name: String) -> Span { spans[name] ?? verbSpan }

    /// A diagnostic that points at a slot's or key's value, or at the verb when it is not given.
    public func diagnostic(
        _ code: Diagnostic.Code, _ message: String, at name: String? = nil, suggestions: [String] = [],
        help: String? = nil
    ) -> Diagnostic {
        Diagnostic(
            code, message, at: name.map(span(of:)) ?? verbSpan, in: source, suggestions: suggestions, help: help)
    }
}
