import Foundation
import Testing

@testable import Language

/// Every mistake that reading can find, with the whole text the user sees. `Fixtures/errors.txt` holds pairs: a recipe
/// (lines behind `> `) and the rendered diagnostic up to the next blank line.
@Suite struct GoldenErrorTests {
    static let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/errors.txt")

    static func cases() throws -> [(recipe: String, expected: String)] {
        let text = try String(contentsOf: file, encoding: .utf8)
        return text.components(separatedBy: "\n\n").filter { $0.hasPrefix("> ") }.map { block in
            let lines = block.split(separator: "\n", omittingEmptySubsequences: false)
            let recipe = lines.filter { $0.hasPrefix("> ") }.map { $0.dropFirst(2) }.joined(separator: "\n")
            return (recipe, lines.filter { !$0.hasPrefix("> ") }.joined(separator: "\n"))
        }
    }

    @Test func everyTextIsAsAgreed() throws {
        let cases = try Self.cases()
        #expect(Set(cases.map(\.expected)).count >= 70 && Set(cases.map(\.recipe)).count == cases.count)
        for (recipe, expected) in cases {
            let found: String
            switch Parser.parse(Source(name: "recipe.pcl", text: recipe)) {
            case .complete: found = "complete"
            case .incomplete(let diagnostic), .failed(let diagnostic): found = diagnostic.rendered()
            }
            #expect(found == expected.trimmingCharacters(in: .newlines), "\(recipe)")
        }
    }

    @Test func promptStandsBeforeTheLine() {
        let source = Source(name: "In [7]", text: "tune s1 data=train epoch=2", prompt: "In [7]: ")
        let diagnostic = Diagnostic(
            .unknownOption, "unknown option \"epoch\" of tune", at: Span(19, 24), in: source, suggestions: ["epochs"],
            help: "Tab lists all; ?tune shows examples")
        #expect(
            diagnostic.rendered() == """
                In [7]: tune s1 data=train epoch=2
                                           ^^^^^ unknown option "epoch" of tune
                        did you mean: epochs?   (Tab lists all; ?tune shows examples)        [E203]
                """)
    }

    @Test func laterLinesAlignUnderThePrompt() {
        let source = Source(name: "In [12]", text: "for k in 1..2\nx 'a", prompt: "In [12]: ")
        guard case .failed(let diagnostic) = Parser.parse(source) else {
            Issue.record("should fail")
            return
        }
        #expect(
            diagnostic.rendered() == """
                    ...: x 'a
                           ^^ the string is not closed
                         close it with ' on the same line        [E102]
                """)
    }

    @Test func aNarrowTerminalCutsTheLineAndPutsTheSentenceBelow() {
        let text = "distill llm to=teacher data=train epochs=40 epoch=2 lr=1e-3 standardise=true"
        let source = Source(name: "In [7]", text: text, prompt: "In [7]: ")
        let diagnostic = Diagnostic(
            .unknownOption, "unknown option \"epoch\" of distill", at: Span(44, 49), in: source,
            suggestions: ["epochs"], help: "Tab lists all")
        #expect(
            diagnostic.rendered(width: 56) == """
                In [7]: …r data=train epochs=40 epoch=2 lr=1e-3 standar…
                                                ^^^^^
                        unknown option "epoch" of distill
                        did you mean: epochs?   (Tab lists all)        [E203]
                """)
    }

    @Test func wideCharactersAndLongLinesKeepTheCaretInPlace() {
        let wide = Source(name: "a.pcl", text: "x \"日本\" =")
        guard case .failed(let diagnostic) = Parser.parse(wide) else { return }
        #expect(diagnostic.rendered().split(separator: "\n")[1].hasPrefix(String(repeating: " ", count: 7 + 2 + 3 + 6)))
        let long = Source(name: "a.pcl", text: "x " + String(repeating: "y ", count: 5000) + "]")
        guard case .failed(let clipped) = Parser.parse(long) else { return }
        #expect(clipped.rendered().split(separator: "\n")[0].count < 140)
    }

    @Test(arguments: [
        ("epoch", ["epochs"]), ("tnue", ["tune"]), ("distil", ["distill"]), ("zzz", []), ("ep", ["epochs"]),
        ("EVAL", ["eval"]),
    ])
    func nearestWords(typed: String, expected: [String]) {
        #expect(Nearest.words(to: typed, among: ["epochs", "tune", "distill", "eval", "load"]) == expected)
    }
}
