public import Language

/// A value that a verb takes by position.
public struct Slot: Sendable {
    public enum Count: Sendable {
        case one, optional
        /// One or more; the last slot of a verb.
        case several
        /// None or more; the last slot of a verb.
        case any
    }

    public let name: String
    public let type: ArgumentType
    public let help: String
    public let count: Count

    public init(_ name: String, _ type: ArgumentType, _ help: String, count: Count = .one) {
        self.name = name
        self.type = type
        self.help = help
        self.count = count
    }

    var takesMany: Bool {
        switch count {
        case .several, .any: true
        case .one, .optional: false
        }
    }

    var isRequired: Bool {
        switch count {
        case .one, .several: true
        case .optional, .any: false
        }
    }
}

/// A value that a verb takes by name.
public struct Key: Sendable {
    public enum Default: Sendable {
        case required
        case value(Value)
        /// None: the words say what happens without it.
        case none(String)
    }

    public let name: String
    public let type: ArgumentType
    public let `default`: Default
    public let help: String
    /// The values of the verb's first slot with which it makes sense; nil for all.
    public let only: [String]?
    /// Whether most statements leave it alone: help lists it behind the others.
    public let isRare: Bool

    public init(
        _ name: String, _ type: ArgumentType, default: Default, _ help: String, only: [String]? = nil,
        isRare: Bool = false
    ) {
        self.name = name
        self.type = type
        self.default = `default`
        self.help = help
        self.only = only
        self.isRare = isRare
    }

    /// The default in words.
    public var defaultText: String {
        switch self.default {
        case .required: "required"
        case .value(let value): value.canonical
        case .none(let words): words
        }
    }
}
