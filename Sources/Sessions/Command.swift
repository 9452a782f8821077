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
    /// What other programs call it: the prompt takes these words for it, errors in recipes suggest it.
    var otherNames: [String] { get }
    /// Whether later statements of a recipe may read files that this one writes.
    var writesFiles: Bool { get }
    /// Whether its values and options are a statement of their own, which the session runs.
    var takesStatement: Bool { get }
    /// Whether a transcript keeps its statements: not those that only talk with the user.
    var isKept: Bool { get }

    /// Words that fit a slot of text beyond what its type says, such as the names of models.
    func words(forSlot index: Int, after values: [String], in context: CheckContext) -> [String]
    /// Whether completion offers a handle for a slot behind the values before it.
    func offers(_ handle: Handle, forSlot index: Int, after values: [String]) -> Bool
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
    public var otherNames: [String] { [] }
    public var writesFiles: Bool { false }
    public var takesStatement: Bool { false }
    public var isKept: Bool { true }
    public func words(forSlot index: Int, after values: [String], in context: CheckContext) -> [String] { [] }
    public func offers(_ handle: Handle, forSlot index: Int, after values: [String]) -> Bool { true }
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
    /// The reply, where it is only known when those have succeeded.
    var then: (@Sendable (Session) throws -> Reply)?

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
    /// Verbs that belong together, under their heading.
    public typealias Group = (title: String, commands: [any Command])

    public let groups: [Group]
    public let commands: [any Command]
    private let byName: [String: Int]

    public init(_ commands: [any Command]) { self.init(groups: [("verbs", commands)]) }

    public init(groups: [Group]) {
        self.groups = groups
        commands = groups.flatMap(\.commands)
        let commands = commands
        byName = Dictionary(commands.indices.map { (commands[$0].name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    public subscript(name: String) -> (any Command)? { byName[name].map { commands[$0] } }

    /// The verbs that a mistyped one may mean: those that other programs call so, else those that read alike.
    func suggestions(for verb: String) -> [String] {
        meant(by: verb) ?? Nearest.words(to: verb, among: verbs)
    }

    /// The verbs that other programs call so; nil for none.
    func meant(by word: String) -> [String]? {
        let meant = commands.filter { $0.otherNames.contains(word.lowercased()) }.map(\.name)
        return meant.isEmpty ? nil : meant
    }

    /// Verbs with the control words, which the language itself brings.
    public var verbs: [String] { commands.map(\.name) + CommandTable.controlWords.map(\.name) }

    /// The words that the language itself understands.
    public static let controlWords: [(name: String, usage: String, summary: String, example: String)] = [
        ("let", "let NAME=VALUE", "name a value; $NAME reads it", "let steps=(4 * 1000 / $batch)"),
        (
            "param", "param NAME=VALUE [\"description\"]",
            "name a value that the command line can set with -p NAME=VALUE", "param epochs=4 \"passes over the pairs\""
        ),
        (
            "assert", "assert EXPRESSION", "stop unless an expression is true",
            "assert r.image_retrieval_recall@5 >= 0.1 and r.acc1 > 0.2"
        ),
        (
            "if", "if EXPRESSION ... [else ...] end", "run statements on a condition",
            "if $epochs > 1; print \"long\"; else; print \"short\"; end"
        ),
        (
            "for", "for NAME in VALUE ... end",
            "run statements for each element of a list or range; their results end in one table",
            "for l in [0, 2e-4]; tune s1 data=train lambda=$l as m; eval m on=test as r; end"
        ),
    ]
}
