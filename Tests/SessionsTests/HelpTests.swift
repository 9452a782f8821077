import Language
import Rendering
import Testing

@testable import Sessions

/// Whatever a user asks about is found in the verbs' own files.
@Suite struct HelpTests {
    private func tables(_ topic: String) -> [Table] {
        let session = fakeSession("make pairs as d")
        return session.execute(Source(name: "t", text: "help \(topic)")).flatMap(\.blocks).compactMap { block in
            if case .table(let table) = block { table } else { nil }
        }
    }

    @Test func anOptionIsExplainedForEachVerb() throws {
        let table = try #require(tables("epochs").first)
        #expect(table.title == "epochs=, an option of")
        #expect(table.columns.map(\.name) == ["verb", "type", "default", "meaning"])
        #expect(table.rows.contains(["learn", "whole number 1..1000", "4", "passes over the data"]))
    }

    @Test func aKindIsExplained() throws {
        let answer = answers("help pairs", in: fakeSession()).first
        #expect(answer?.hasPrefix("pairs: pictures with captions; load pairs makes one|") == true)
        let table = try #require(tables("pairs").first)
        #expect(table.title == "taken by" && table.rows.contains(["learn data=", "the pairs"]))
        #expect(HandleKind.allCases.allSatisfy { !$0.meaning.isEmpty })
    }

    @Test func wordsAreSoughtEverywhere() throws {
        let table = try #require(tables("learning rate").last)
        #expect(tables("\"learning rate\"").last == table)
        #expect(table.title == "mentioned in" && table.rows.contains(["learn lr=", "learning rate"]))
        #expect(tables("retrieval").last?.rows.isEmpty == false)
        #expect(answers("help qqq", in: fakeSession()) == ["E211"])
        #expect(answers("help \"\"", in: fakeSession()) == ["E211"])
    }

    @Test func oneOptionOfAVerbAndWhatExplainKnows() throws {
        #expect(
            tables("learn epochs").first?.rows == [["epochs=", "whole number 1..1000", "4", "passes over the data"]])
        let explained = answers("explain mean_per_class_recall", in: fakeSession())
        #expect(answers("help mean_per_class_recall", in: fakeSession()) == explained)
    }

    /// What most statements need stands before the examples, the rest behind them.
    @Test func optionsThatFewNeedComeLast() throws {
        let blocks = HelpCommand.help(on: TuneCommand()).blocks
        let titles = blocks.map { block in
            switch block {
            case .table(let table): table.title ?? ""
            case .note(let text): String(text.prefix { $0 != ":" && $0 != "\n" })
            default: ""
            }
        }
        #expect(titles == ["tune", "values", "options", "examples", "more options", "see also"])
        let lines = CommandTable.standard.commands.map { TableFormat().text(Reply(HelpCommand.help(on: $0).blocks)) }
            .flatMap { $0.split(separator: "\n") }
        #expect(lines.filter { $0.count > 80 } == [])
    }

    @Test func errorsAndHandlesHaveHelp() {
        #expect(
            answers("help E203", in: fakeSession())
                == ["E203: unknown option; a recipe that meets it ends with status 2"])
        let shown = fakeSession("make pairs as d").execute(Source(name: "t", text: "help d"))
        #expect(shown.map(\.statement).contains("show d"))
    }

    @Test(arguments: [
        (ArgumentType.integer(1...1_000_000), "whole number"), (.integer(0...(.max)), "whole number"),
        (.integer(2...1000), "whole number 2..1000"), (.integer(5...(.max)), "whole number >= 5"),
        (.number(1e-9...1e9), "number > 0"), (.number(0...1), "number 0..1"), (.number(0...1e6), "number"),
        (
            .list(.either([.choice(["adapter", "image"]), .prefixed("last", meaning: "BLOCKS")])),
            "[adapter | image | last:BLOCKS, ...]"
        ),
        (.either([.handle([.clip, .tower]), .boolean]), "clip | tower | true | false"),
    ])
    func typesAreShortInTables(type: ArgumentType, text: String) {
        #expect(type.brief == text)
    }

    /// `help` alone has a table for each group, and every verb in one of them.
    @Test func verbsStandInGroups() {
        let listed = answers("help", in: fakeSession()).first?.split(separator: "|") ?? []
        #expect(listed.count == fakeSession().commands.groups.count + 2)
        let all = CommandTable.standard.groups.flatMap(\.commands).map(\.name)
        #expect(all == CommandTable.standard.commands.map(\.name))
        #expect(all.allSatisfy { CommandTable.standard[$0] != nil } && Set(all).count == all.count)
    }

    @Test func everyVerbHasTwoExamplesAndWhatItIsCalledElsewhereIsNoVerb() {
        for command in CommandTable.standard.commands {
            #expect(!command.summary.isEmpty)
            let isBare = command.slots.isEmpty && command.keys.isEmpty
            #expect(command.examples.count >= (isBare ? 1 : 2), "\(command.name)")
            #expect(command.seeAlso.allSatisfy { CommandTable.standard.verbs.contains($0) }, "\(command.name)")
            #expect(Set(command.otherNames).isDisjoint(with: CommandTable.standard.verbs), "\(command.name)")
        }
    }
}
