import Language
import Rendering

@testable import Sessions

/// A small handle for tests.
struct FakeContent: HandleContent {
    let kind: HandleKind
    var fields: Fields = [:]
    var summary: String { "a fake \(kind.rawValue)" }
    var isPaused = false
}

struct FakeError: Error, CustomStringConvertible {
    let description = "the work went wrong"
}

/// Makes a handle of any kind without work.
struct MakeCommand: Command {
    let name = "make"
    let summary = "make a handle"
    let slots = [Slot("kind", .choice(HandleKind.allCases.map(\.rawValue)), "what to make")]
    let keys = [
        Key("acc1", .number(0...1), default: .value(.number(0.5)), "its field"),
        Key("split", .choice(["train", "test"]), default: .none("all"), "which part", only: ["pairs"]),
    ]
    func resultKind(_ arguments: Arguments) -> HandleKind? { arguments.text("kind").flatMap(HandleKind.init) }
    func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        guard let kind = resultKind(arguments) else { return Outcome() }
        let fields: Fields = [
            "acc1": .number(arguments.number("acc1") ?? 0), "emoji.acc1": 0.25, "image_retrieval_recall@5": 0.4,
        ]
        return Outcome(.note("made"), content: FakeContent(kind: kind, fields: kind == .result ? fields : [:]))
    }
}

/// Takes one argument of every type.
struct LearnCommand: Command {
    let name = "learn"
    let summary = "learn something"
    let slots = [Slot("model", .handle([.model, .clip]), "what learns")]
    let keys = [
        Key("data", .handle([.pairs]), default: .required, "the pairs"),
        Key("epochs", .integer(1...1000), default: .value(.number(4)), "passes over the data"),
        Key("lr", .number(0...1), default: .value(.number(1e-5)), "learning rate"),
        Key("standardise", .boolean, default: .value(.boolean(false)), "standardise first"),
        Key("train", .list(.choice(["adapter", "image", "text"])), default: .none("all"), "what is trained"),
        Key(
            "tower", .either([.handle([.clip]), .prefixed("random", meaning: "NAME")]), default: .none("own"), "tower"),
        Key("texts", .list(.either([.handle([.pairs]), .choice(["classes"])])), default: .none("data"), "texts"),
        Key("from", .existingPath, default: .none("nothing"), "a file"),
    ]
    let examples = ["learn m data=d"]
    func resultKind(_ arguments: Arguments) -> HandleKind? { .model }
    func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        if arguments.integer("epochs") == 13 { throw FakeError() }
        let isPaused = arguments.integer("epochs") == 99
        if isPaused { session.stop.raise() }
        return Outcome(
            .note("learned \(arguments.integer("epochs") ?? 0) lr \(arguments.number("lr") ?? 0)"),
            content: FakeContent(kind: .model, isPaused: isPaused))
    }
}

/// Says that it makes files.
struct WriteCommand: Command {
    let name = "write"
    let summary = "write files"
    let writesFiles = true
    let slots = [Slot("file", .newPath, "a file", count: .optional)]
    func run(_ arguments: Arguments, in session: Session) throws -> Outcome { Outcome() }
}

extension CommandTable {
    static let fake = CommandTable(CommandTable.standard.commands + [MakeCommand(), LearnCommand(), WriteCommand()])
}

func fakeSession(_ text: String = "") -> Session {
    let session = Session(commands: .fake, workingDirectory: "/nonexistent", environment: ["HOME": "/nonexistent"])
    session.execute(Source(name: "setup", text: text))
    return session
}

/// The notes and errors of a text, one string a statement.
func answers(_ text: String, in session: Session, prompt: String? = nil) -> [String] {
    session.execute(Source(name: "test.pcl", text: text, prompt: prompt)).map { result in
        switch result.outcome {
        case .success(let reply):
            reply.blocks.map { if case .note(let text) = $0 { text } else { "block" } }.joined(separator: "|")
        case .failure(let diagnostic): diagnostic.code.rawValue
        }
    }
}
