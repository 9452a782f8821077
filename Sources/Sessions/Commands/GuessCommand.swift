import Foundation
public import Language
internal import Rendering

/// `guess QUESTION as G`, and behind the run `guess G answer=VALUE`
public struct GuessCommand: Command {
    public let name = "guess"
    public let otherNames = ["predict", "bet"]
    public let summary = "ask for a guess before a run, and show afterwards how it came out"
    public let slots = [
        Slot(
            "what", .either([.handle([.result]), .text]),
            "the question, or an earlier guess that is to be answered; without it the guesses so far are listed",
            count: .optional)
    ]
    public let keys = [
        Key("choices", .list(.text), default: .none("a number is asked for"), "what can be chosen from"),
        Key("answer", .anything, default: .none("none"), "of an earlier guess, what came out"),
    ]
    public let examples = [
        "guess \"What share of the names is found?\" as g", "guess \"Which forgets more?\" choices=[llm2clip, proclip]",
        "guess",
    ]
    public let seeAlso = ["lesson", "explain"]

    public func resultKind(_ arguments: Arguments) -> HandleKind? { .result }

    public func check(_ arguments: Arguments, in context: CheckContext) throws(Diagnostic) {
        guard let handle = arguments.handle("what") else {
            guard arguments["answer"] != nil else { return }
            throw arguments.diagnostic(
                .missingArgument, "an answer belongs to a guess that was made before", at: "answer",
                help: "guess \"...\" as g, and behind the run guess g answer=...")
        }
        if let content = handle.content, !(content is GuessContent) {
            throw arguments.diagnostic(
                .wrongKind, "\"\(handle.name)\" is no guess", at: "what", help: "guess \"...\" as NAME makes one")
        }
        guard arguments["answer"] != nil else {
            throw arguments.diagnostic(
                .missingArgument, "guess \(handle.name) needs answer=: what came out", at: "what")
        }
        if arguments.given.contains("choices") {
            throw arguments.diagnostic(.contradiction, "\(handle.name) has its choices already", at: "choices")
        }
    }

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        if arguments.handle("what") != nil { return try reveal(arguments, in: session) }
        guard let question = arguments.text("what") else {
            return Outcome(.table(Self.table(GuessBook(session.places))))
        }
        var content = GuessContent(question: question, choices: arguments.texts("choices") ?? [])
        // Whoever comes back to a lesson is not asked again.
        if let lesson = session.lesson, lesson.hasPassed(question),
            let kept = GuessBook(session.places).last(question, in: lesson.name)
        {
            content.guess = content.reading(kept.guess)
            return Outcome(content: content)
        }
        while let typed = session.prompter?.ask(content.prompt) {
            content.guess = content.reading(typed)
            if content.guess != nil { break }
            session.log("\"\(typed)\" is no \(content.choices.isEmpty ? "number" : "choice")")
        }
        return Outcome(content: content)
    }

    /// The answer; what the user had guessed is said beside it, so that the statement answers the same for everyone.
    private func reveal(_ arguments: Arguments, in session: Session) throws -> Outcome {
        var content: GuessContent = try arguments.content("what")
        content.answer =
            switch arguments["answer"] {
            case .value(.number(let number)): .number(number)
            case .value(let value): .text(value.interpolated)
            case .handle(let handle): .text(handle.name)
            default: nil
            }
        let text = NumberStyle.significant(4).text(content.answer ?? .missing)
        if let verdict = content.verdict {
            session.log("\(text): \(verdict)")
            let (book, lesson) = (GuessBook(session.places), session.lesson?.name ?? "")
            let guess = content.guess.map { NumberStyle.significant(4).text($0) } ?? ""
            let kept = book.last(content.question, in: lesson)
            if kept?.guess != guess || kept?.answer != text {
                let why = session.prompter?.ask("Why did it come out so? A line for yourself, or Return") ?? ""
                try book.add(
                    GuessBook.Entry(
                        date: Date(), lesson: lesson, question: content.question, guess: guess, answer: text, why: why))
            }
        }
        var outcome = Outcome(.note("\(content.question) \(text)"), content: content)
        outcome.continued = arguments.handle("what")?.name
        return outcome
    }

    private static func table(_ book: GuessBook) -> Table {
        Table(
            columns: ["lesson", "question", "guess", "answer", "why"],
            rows: book.entries.map { entry in
                [entry.lesson, entry.question, entry.guess, entry.answer, entry.why].map(Scalar.text)
            })
    }
}
