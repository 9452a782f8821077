public import Language
public import Rendering

/// A verb. One file holds its name, its options with types and defaults, a summary, examples and the action; help,
/// completion, checks and example tests derive from it.
public protocol Command: Sendable {
    var name: String { get }
    /// One line, beginning with a verb in the imperative, without a full stop.
    var summary: String { get }
    var slots: [Slot] { get }
    var keys: [Key] { get }
    /// Statements that can be run as they stand, given the handles they name.
    var examples: [String] { get }
    /// Topics that `help` also offers.
    var seeAlso: [String] { get }
    /// Whether later statements of a recipe may read files that this one writes.
    var writesFiles: Bool { get }
    /// Whether its values and options are a statement of their own, which the session runs.
    var takesStatement: Bool { get }
    /// Whether a transcript keeps its statements: not those that only talk with the user.
    var isKept: Bool { get }

    /// Words that fit a slot of text beyond what its type says, such as the names of models.
    func words(forSlot index: Int, after values: [String], in context: CheckContext) -> [String]
    /// What a result of these arguments will be, nil for a verb that makes no handle. `unknown` arguments are possible.
    func resultKind(_ arguments: Arguments) -> HandleKind?
    /// Whatever types and defaults cannot say, before any work begins.
    func check(_ arguments: Arguments, in context: CheckContext) throws(Diagnostic)
    /// Does the work. Every argument has its type.
    func run(_ arguments: Arguments, in session: Session) throws -> Outcome
}

extension Command {
    public var slots: [Slot] { [] }
    public var keys: [Key] { [] }
    public var examples: [String] { [] }
    public var seeAlso: [String] { [] }
    public var writesFiles: Bool { false }
    public var takesStatement: Bool { false }
    public var isKept: Bool { true }
    public func words(forSlot index: Int, after values: [String], in context: CheckContext) -> [String] { [] }
    public func resultKind(_ arguments: Arguments) -> HandleKind? { nil }
    public func check(_ arguments: Arguments, in context: CheckContext) throws(Diagnostic) {}
}

/// What a command answers.
public struct Outcome: Sendable {
    public var reply: Reply
    /// What `as NAME` binds.
    public var content: (any HandleContent)?
    /// The handle that the content continues: it keeps that handle's history and, without `as`, its name.
    public var continued: String?

    /// Statements that the session runs next; the transcript keeps them in the place of this one.
    public var next: Source?

    public init(_ reply: Reply = Reply(), content: (any HandleContent)? = nil) {
        self.reply = reply
        self.content = content
    }

    /// Statements as if they had been typed in the place of these arguments.
    init(followedBy text: String, of arguments: Arguments) {
        self.init()
        next = Source(name: arguments.source.name, text: text, prompt: arguments.source.prompt)
    }
}

/// The verbs of a session, in the order in which help lists them.
public struct CommandTable: Sendable {
    public let commands: [any Command]
    private let byName: [String: Int]

    public init(_ commands: [any Command]) {
        self.commands = commands
        byName = Dictionary(commands.indices.map { (commands[$0].name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    public subscript(name: String) -> (any Command)? { byName[name].map { commands[$0] } }

    /// Verbs with the control words, which the language itself brings.
    public var verbs: [String] { commands.map(\.name) + CommandTable.controlWords.map(\.name) }

    /// The words that the language itself understands.
    public static let controlWords: [(name: String, usage: String, summary: String)] = [
        ("let", "let NAME=VALUE", "name a value; $NAME reads it"),
        (
            "param", "param NAME=VALUE [\"description\"]",
            "name a value that the command line can set with -p NAME=VALUE"
        ),
        ("assert", "assert EXPRESSION", "stop unless an expression is true"),
        ("if", "if EXPRESSION ... [else ...] end", "run statements on a condition"),
        ("for", "for NAME in VALUE ... end", "run statements for each element of a list or range"),
    ]
}
