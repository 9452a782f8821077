public import Language
internal import Rendering

/// `lesson [NUMBER]`
public struct LessonCommand: Command {
    public let name = "lesson"
    public let otherNames = ["tutorial", "learn", "next"]
    public let summary = "walk through a tutorial cell by cell; between cells the prompt is yours"
    public let slots = [
        Slot(
            "number", .integer(0...99),
            "of the tutorial, which goes on where you left it; without it the next cell runs, or all are listed",
            count: .optional)
    ]
    public let keys = [Key("again", .boolean, default: .value(.boolean(false)), "begin at its first cell")]
    public let examples = ["lesson", "lesson 0 again=true"]
    public let seeAlso = ["guess", "explain"]
    public let isKept = false

    public func check(_ arguments: Arguments, in context: CheckContext) throws(Diagnostic) {
        if let number = arguments.integer("number") { _ = try Self.path(number, arguments, context.places) }
    }

    private static func path(_ number: Int, _ arguments: Arguments, _ places: Places) throws(Diagnostic) -> String {
        let all = Lesson.all(places)
        if let found = all.first(where: { $0.number == number }) { return found.path }
        throw arguments.diagnostic(
            .missingFile, "there is no tutorial \(number)", at: "number",
            help: all.isEmpty
                ? "start proclip in the folder that has Tutorials, or name that folder in PROCLIP_TUTORIALS"
                : "there are \(all.map { "\($0.number)" }.joined(separator: " "))")
    }

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        guard let number = arguments.integer("number") else {
            guard let lesson = session.lesson else { return Outcome(.table(try Self.list(session.places))) }
            return Self.running(lesson.next..<lesson.next + 1, of: lesson)
        }
        var lesson = try Lesson(Self.path(number, arguments, session.places))
        let done = LessonProgress(session.places).cellsDone[lesson.name] ?? 0
        if arguments.boolean("again") != true, done < lesson.cells.count { lesson.next = done }
        session.lesson = lesson
        // What a cell has trained before is taken from where it is kept.
        session.trainedStore = session.trainedStore ?? TrainedStore(folder: session.places.trained, isReading: true)
        guard lesson.next > 0 else { return Outcome(Self.page(lesson)) }
        session.log("\(lesson.title): its first \(lesson.next) cells run again, so that you can go on")
        return Self.running(0..<lesson.next, of: lesson)
    }

    /// Runs cells and then shows what comes behind them.
    private static func running(_ cells: Range<Int>, of lesson: Lesson) -> Outcome {
        var outcome = Outcome()
        outcome.next = Source(
            name: lesson.name, text: lesson.cells[cells].map(\.statements).joined(separator: "\n"), literate: false)
        outcome.then = { session in
            var lesson = lesson
            lesson.next = cells.upperBound
            var progress = LessonProgress(session.places)
            try progress.note(lesson)
            let isOver = lesson.next == lesson.cells.count
            session.lesson = isOver ? nil : lesson
            if isOver, session.record == nil { session.trainedStore = nil }
            return page(lesson)
        }
        return outcome
    }

    /// What stands before the next cell, and the cell; or what stands at the end.
    private static func page(_ lesson: Lesson) -> Reply {
        guard lesson.next < lesson.cells.count else {
            return .note(
                [lesson.end, "That was \"\(lesson.title)\". lesson lists the others."].filter { !$0.isEmpty }
                    .joined(separator: "\n\n"))
        }
        let cell = lesson.cells[lesson.next]
        let statements = cell.statements.split(separator: "\n", omittingEmptySubsequences: false).map { "    \($0)" }
        let hint = "cell \(lesson.next + 1) of \(lesson.cells.count): lesson runs it; try whatever you like before"
        return .note(
            [cell.prose, statements.joined(separator: "\n"), hint].filter { !$0.isEmpty }.joined(separator: "\n\n"))
    }

    private static func list(_ places: Places) throws -> Table {
        let done = LessonProgress(places).cellsDone
        return Table(
            columns: ["lesson", "what it is about", "cells", "done"],
            rows: try Lesson.all(places).map { number, path in
                let lesson = try Lesson(path)
                return [
                    .integer(number), .text(lesson.title), .integer(lesson.cells.count),
                    .integer(done[lesson.name] ?? 0),
                ]
            })
    }
}
