import Foundation
import Language
import Testing

@testable import Sessions

/// Answers questions from a list and notes what was asked.
final class ScriptedPrompter: Prompter {
    private var answers: [String?]
    private(set) var questions: [String] = []

    init(_ answers: [String?]) { self.answers = answers }

    func edit(_ text: String) -> String { text }
    func ask(_ question: String) -> String? {
        questions.append(question)
        return answers.isEmpty ? nil : answers.removeFirst()
    }
}

@Suite struct GuessTests {
    private func log(of world: TinyWorld) -> () -> [String] {
        final class Lines { var all: [String] = [] }
        let lines = Lines()
        world.session.log = { lines.all.append($0) }
        return { lines.all }
    }

    @Test func aGuessIsShownAgainstWhatCameOutAndKept() throws {
        let world = try TinyWorld()
        let prompter = ScriptedPrompter(["perhaps", "30%", "the tower drifts"])
        world.session.prompter = prompter
        let lines = log(of: world)
        let results = world.run("guess \"What is acc1?\" as g; guess g answer=(1 / 4)")
        #expect(results.exitStatus == .ok)
        #expect(prompter.questions[0] == "What is acc1?\na number, or Return to leave it")
        #expect(lines() == ["\"perhaps\" is no number", "0.25: you guessed 0.3, 0.05 too high"])
        // What everyone sees is the same for everyone.
        #expect(results.last?.blocks == [.note("What is acc1? 0.25")])
        #expect(world.number("g.guess") == 0.3 && world.number("g.answer") == 0.25)
        let kept = GuessBook(world.session.places).entries
        #expect(kept.map(\.why) == ["the tower drifts"] && kept.map(\.question) == ["What is acc1?"])
        guard case .table(let table)? = world.run("guess").last?.blocks.first else {
            Issue.record("no table of guesses")
            return
        }
        #expect(table.rows.map { $0[2] } == ["0.3"])
    }

    @Test func aChoiceIsTakenByItsNumberOrItsBeginning() throws {
        let content = GuessContent(question: "Which?", choices: ["llm2clip", "proclip"])
        #expect(content.reading("2") == "proclip" && content.reading("LLM") == "llm2clip")
        #expect(content.reading("3") == nil && content.reading("") == nil)
        #expect(content.prompt == "Which?\n  1  llm2clip\n  2  proclip\na choice, or Return to leave it")
        let world = try TinyWorld()
        world.session.prompter = ScriptedPrompter(["2", nil])
        let lines = log(of: world)
        #expect(world.run("guess 'Which?' choices=[llm2clip, proclip] as g; guess g answer=llm2clip").exitStatus == .ok)
        #expect(lines() == ["llm2clip: you guessed proclip"])
    }

    @Test func withoutAPromptNothingIsAskedOrKept() throws {
        let world = try TinyWorld()
        let results = world.run("guess \"What is acc1?\" as g; guess g answer=0.25")
        #expect(results.map(\.blocks) == [[], [.note("What is acc1? 0.25")]])
        #expect(GuessBook(world.session.places).entries.isEmpty)
    }

    @Test func mistakesAreTold() throws {
        let world = try TinyWorld()
        world.run("guess 'a?' as g; load pairs ./tiny.h5 as d; eval llm on=d languages=[de] as r")
        world.expectErrors([
            ("guess g", "E205", "needs answer=: what came out"), ("guess 'b?' answer=1", "E205", "made before"),
            ("guess r answer=1", "E209", "\"r\" is no guess"),
            ("guess g answer=1 choices=[a]", "E216", "has its choices already"),
        ])
    }
}

@Suite struct LessonTests {
    private static let page = """
        # Two and two

        The first paragraph.

        ```proclip
        let x=(2 + 2)
        print $x
        ```

        ```output
        4
        ```

        What is twice that?

        ```proclip
        print (2 * $x)
        ```

        That is all.
        """

    private func world() throws -> TinyWorld {
        let world = try TinyWorld()
        let folder = world.folder + "/Tutorials"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(Self.page.utf8).write(to: URL(filePath: folder + "/03-two.md"))
        try Data("no lesson".utf8).write(to: URL(filePath: folder + "/study.md"))
        return world
    }

    private func notes(_ results: [StatementResult]) -> [String] {
        results.flatMap(\.blocks).compactMap { if case .note(let text) = $0 { text } else { nil } }
    }

    @Test func itGoesCellByCellAndLetsTheLearnerWander() throws {
        let world = try world()
        let first = notes(world.type("lesson 3"))
        #expect(
            first == [
                "# Two and two\n\nThe first paragraph.\n\n    let x=(2 + 2)\n    print $x\n\n"
                    + "cell 1 of 2: lesson runs it; try whatever you like before"
            ])
        world.type("print 'elsewhere'")
        let second = notes(world.type("lesson"))
        #expect(second.first == "4")
        #expect(second.last?.hasPrefix("What is twice that?\n\n    print (2 * $x)\n\ncell 2 of 2") == true)
        #expect(
            notes(world.type("lesson")) == ["8", "That is all.\n\nThat was \"Two and two\". lesson lists the others."])
        #expect(world.session.lesson == nil)
        guard case .table(let table)? = world.type("lesson").last?.blocks.first else {
            Issue.record("no list of lessons")
            return
        }
        #expect(table.rows == [[3, "Two and two", 2, 2]])
    }

    @Test func anotherSessionGoesOnWhereThisOneStopped() throws {
        let world = try world()
        world.type("lesson 3")
        world.type("lesson")
        let later = world.session.companion(in: world.folder)
        let page = notes(later.execute(Source(name: "In", text: "lesson 3", prompt: "In [1]: ")))
        // The first cell ran again, so that the second finds what it needs.
        #expect(page.first == "4" && page.last?.hasPrefix("What is twice that?") == true)
        #expect(notes(later.execute(Source(name: "In", text: "lesson", prompt: "In [2]: "))).first == "8")
    }

    @Test func whoComesBackIsNotAskedAgain() throws {
        let world = try world()
        try Data(
            "# Sums\n\nA.\n\n```proclip\nguess 'What is 1 + 1?' as g\n```\n\n```proclip\nguess g answer=2\n```\n\n```proclip\nprint 3\n```\n"
                .utf8
        ).write(to: URL(filePath: world.folder + "/Tutorials/04-sums.md"))
        let prompter = ScriptedPrompter(["3", "too tired"])
        world.session.prompter = prompter
        for line in ["lesson 4", "lesson", "lesson"] { #expect(world.type(line).exitStatus == .ok) }
        #expect(prompter.questions.count == 2 && GuessBook(world.session.places).entries.count == 1)
        let later = world.session.companion(in: world.folder)
        later.prompter = prompter
        let page = notes(later.execute(Source(name: "In", text: "lesson 4", prompt: "In [1]: ")))
        #expect(page.first == "What is 1 + 1? 2" && page.last?.contains("cell 3 of 3") == true)
        #expect(prompter.questions.count == 2 && GuessBook(world.session.places).entries.map(\.why) == ["too tired"])
        #expect(later.bindings["g"]?.handle.content?.fields["guess"] == .number(3))
    }

    @Test func aCellThatFailsIsNotPassed() throws {
        let world = try world()
        world.type("lesson 3")
        world.type("lesson")
        world.type("%reset")
        world.type("lesson 3")
        try Data(Self.page.replacing("(2 * $x)", with: "$nothing").utf8).write(
            to: URL(filePath: world.folder + "/Tutorials/03-two.md"))
        world.type("lesson 3")
        #expect(world.type("lesson").exitStatus == .usage)
        #expect(world.session.lesson?.next == 1)
        #expect(LessonProgress(world.session.places).cellsDone == ["03-two": 1])
    }

    @Test func aLessonThatIsNotThereIsTold() throws {
        let world = try world()
        world.expectErrors([("lesson 7", "E401", "there is no tutorial 7")])
    }
}
