import Foundation
import Language
import Rendering
import Testing

@testable import Sessions

/// A session that is kept, replayed and compared.
@Suite struct NotebookTests {
    private func folder() throws -> String {
        let folder = NSTemporaryDirectory() + "proclip-notebook-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return folder
    }

    private func type(_ text: String, in session: Session) -> [StatementResult] {
        session.execute(Source(name: "In", text: text, prompt: "In [1]: "))
    }

    @Test func whatSucceededIsKeptInFull() throws {
        let session = fakeSession()
        _ = type("let n=2; print \"n is $n\"", in: session)
        _ = type("prin 1", in: session)
        _ = type("prnt 1", in: session)
        _ = type("learn m data=d", in: session)
        _ = type("for k in 1..2; print $k; end", in: session)
        _ = type("assert 1 > 2", in: session)
        #expect(
            session.transcript.entries.map(\.statement)
                == ["let n=2", "print \"n is ${n}\"", "print 1", "for k in 1..2\n    print $k\nend"])
        #expect(session.transcript.entries.map { $0.output.recorded } == ["", "n is 2", "1", "1\n2"])
    }

    /// Jupyter's own programs write texts whole or in lines, and outputs of several kinds.
    @Test func notebooksOfOthersAreRead() throws {
        let folder = try folder()
        let path = folder + "/a.ipynb"
        let text = """
            {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
            {"cell_type": "markdown", "metadata": {}, "source": "# Why"},
            {"cell_type": "code", "metadata": {}, "execution_count": 1, "source": ["let x=2\\n", "print $x"],
             "outputs": [{"output_type": "display_data", "metadata": {}, "data": {"text/plain": ["3"], "image/png": "", "a/json": {}}}]},
            {"cell_type": "code", "metadata": {}, "execution_count": null, "source": "print 'no output'", "outputs": []}]}
            """
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let changed = Session(workingDirectory: folder).check(outputsOf: path, rewriting: false)
        #expect(changed.mismatches.map(\.differences) == [["- 3", "+ 2"]])
        #expect(Session(workingDirectory: folder).check(outputsOf: path, rewriting: true).status == .ok)
        let same = Session(workingDirectory: folder).check(outputsOf: path, rewriting: false)
        #expect(same.status == .ok && same.compared == 2)
        try "{}".write(toFile: path, atomically: true, encoding: .utf8)
        #expect(Session(workingDirectory: folder).check(outputsOf: path, rewriting: false).status == .usage)
    }

    /// Marks of cells, comments in blocks and behind statements, prose: all of it, and answers.
    @Test func aSavedRecipeIsTheSameWhenItIsRunAndSavedAgain() throws {
        let folder = try folder()
        let text = """
            # %% Load
            # what is needed

            let n=2  # two

            # Prose
            #
            #   of lines

            # %%

            for k in 1..$n
                # inside
                print $k
            end  # done
            #> 1
            #> 2

            # The end.

            """
        try text.write(toFile: folder + "/a.pcl", atomically: true, encoding: .utf8)
        let session = Session(workingDirectory: folder)
        for line in ["%run ./a.pcl", "%save b.pcl", "%save b.md", "%save b.ipynb", "%save b.html"] {
            #expect(type(line, in: session).exitStatus == .ok)
        }
        #expect(try String(contentsOfFile: folder + "/b.pcl", encoding: .utf8) == text)
        let page = try String(contentsOfFile: folder + "/b.md", encoding: .utf8)
        #expect(
            page.hasPrefix(
                "## Load\n\nwhat is needed\n\n```proclip\nlet n=2  # two\n```\n\nProse\n\n  of lines\n\n"))
        for name in ["b.md", "b.ipynb"] {
            let other = Session(workingDirectory: folder)
            #expect(type("%run \(name)", in: other).exitStatus == .ok)
            #expect(type("%save c.md", in: other).exitStatus == .ok)
            #expect(try String(contentsOfFile: folder + "/c.md", encoding: .utf8) == page, "\(name)")
        }
    }

    @Test func whatIsSaidAtThePromptIsKept() throws {
        let folder = try folder()
        let session = Session(workingDirectory: folder)
        for line in ["# why", "%log on ./log.pcl", "prnt 1 # never", "# so", "print 1 # one", "%log off"] {
            _ = type(line, in: session)
        }
        let log = try String(contentsOfFile: folder + "/log.pcl", encoding: .utf8)
        #expect(log == "# why\n\n# so\n\nprint 1  # one\n#> 1\n\n")
    }

    @Test func commentsInFencesAreKept() throws {
        let folder = try folder()
        let page = "# Why\n\n```proclip\n# one\nlet x=1\n# two\nprint $x  # it\n```\n\n```output\n1\n```\n"
        try page.write(toFile: folder + "/a.md", atomically: true, encoding: .utf8)
        let session = Session(workingDirectory: folder)
        #expect(type("%run ./a.md", in: session).exitStatus == .ok && type("%save b.md", in: session).exitStatus == .ok)
        #expect(try String(contentsOfFile: folder + "/b.md", encoding: .utf8) == page)
    }

    /// A log that begins late is a recipe all the same.
    @Test func aLogHoldsWhatWasDoneBefore() throws {
        let folder = try folder()
        let session = Session(workingDirectory: folder)
        for line in ["let n=2", "%log on ./log.pcl", "print $n", "%log off", "print 3", "%log on ./log.pcl", "print 4"]
        {
            #expect(type(line, in: session).exitStatus == .ok)
        }
        #expect(
            try String(contentsOfFile: folder + "/log.pcl", encoding: .utf8)
                == "let n=2\n\nprint $n\n#> 2\n\nprint 4\n#> 4\n\n")
        #expect(Session(workingDirectory: folder).check(outputsOf: folder + "/log.pcl", rewriting: false).status == .ok)
    }

    @Test func aPageIsNoRecipe() throws {
        let folder = try folder()
        let session = Session(workingDirectory: folder)
        #expect(type("print 1", in: session).exitStatus == .ok && type("%save a.html", in: session).exitStatus == .ok)
        let check = session.check(recipe: folder + "/a.html")
        #expect(
            check.diagnostics.first?.message.hasSuffix(
                "a.html is not a recipe (.pcl, .md or .ipynb); give a file of that kind") == true)
    }

    @Test func aFileWithoutOutputsIsNoTest() throws {
        let path = try folder() + "/a.pcl"
        try "print 1\n".write(toFile: path, atomically: true, encoding: .utf8)
        let check = Session().check(outputsOf: path, rewriting: false)
        #expect(
            check.status == .ok
                && check.summary.hasSuffix("keeps no outputs to compare with; proclip check --write keeps them"))
    }

    @Test func aReplayWithOtherParametersIsNotHeldToTheNumbers() throws {
        let folder = try folder()
        let path = folder + "/a.pcl"
        try "param n=2\nprint $n\n#> 2\n".write(toFile: path, atomically: true, encoding: .utf8)
        let session = Session(workingDirectory: folder)
        try session.override("n=3")
        let check = session.check(outputsOf: path, rewriting: false)
        #expect(check.status == .ok)
        #expect(
            check.summary.hasSuffix(
                "1 output compared, all agree; with other parameters only heads, rows and words of tables are held together, no "
                    + "number was compared"))
    }

    @Test(arguments: ["session.md", "session.pcl"])
    func aSavedSessionIsItsOwnTest(name: String) throws {
        let folder = try folder()
        let path = folder + "/" + name
        let session = Session(workingDirectory: folder)
        for line in ["let n=2", "print 0.5123 $n", "for k in [a, b]; print $k; end", "list variables"] {
            #expect(type(line, in: session).exitStatus == .ok)
        }
        #expect(type("%save \(name)", in: session).exitStatus == .ok)
        let same = Session(workingDirectory: folder).check(outputsOf: path, rewriting: false)
        #expect(same.status == .ok)
        #expect(same.compared == 3)

        let text = try String(contentsOfFile: path, encoding: .utf8)
        try text.replacing("0.5123 2\n", with: "0.5323 2\n").write(toFile: path, atomically: true, encoding: .utf8)
        let changed = Session(workingDirectory: folder).check(outputsOf: path, rewriting: false)
        #expect(changed.status == .mismatch)
        #expect(changed.mismatches.map(\.differences) == [["- 0.5323 2", "+ 0.5123 2"]])
        #expect(changed.mismatches.first?.diagnostic.rendered().contains("print 0.5123 $n") == true)
        #expect(changed.summary.hasSuffix("1 of 3 outputs differs"))
        let rewritten = Session(workingDirectory: folder).check(outputsOf: path, rewriting: true)
        #expect(rewritten.status == .ok && rewritten.summary.hasSuffix("keeps 3 answers"))
        #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
    }

    @Test func outputsAreWrittenIntoHandMadeRecipes() throws {
        let folder = try folder()
        let cases = [
            (
                "a.pcl", "# Why\nlet x=1; print $x # one\n#> 7\nprint 2",
                "# Why\nlet x=1; print $x # one\n#> 1\nprint 2\n#> 2\n"
            ),
            (
                "b.md", "# Why\n\n```proclip\nprint 1\n```\nand\n```proclip\nlet x=1\n```\n```output\nold\n```\nend\n",
                "# Why\n\n```proclip\nprint 1\n```\n\n```output\n1\n```\nand\n```proclip\nlet x=1\n```\nend\n"
            ),
        ]
        for (name, text, expected) in cases {
            let path = folder + "/" + name
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            #expect(Session(workingDirectory: folder).check(outputsOf: path, rewriting: true).status == .ok)
            #expect(try String(contentsOfFile: path, encoding: .utf8) == expected)
            #expect(Session(workingDirectory: folder).check(outputsOf: path, rewriting: false).status == .ok)
        }
    }

    @Test func aRecipeSaysHowFarNumbersMayDiffer() throws {
        let path = try folder() + "/a.pcl"
        try "print 0.51\n#> 0.53\nset tolerance=0.1\nprint 0.51\n#> 0.53\n"
            .write(toFile: path, atomically: true, encoding: .utf8)
        let check = Session().check(outputsOf: path, rewriting: false)
        #expect(check.mismatches.map { $0.diagnostic.source.position(of: $0.diagnostic.span.start).line } == [1])
    }

    @Test func aReplayThatFailsEndsWithItsOwnStatus() throws {
        let path = try folder() + "/a.pcl"
        try "print 1\n#> 2\nassert 1 > 2\n".write(toFile: path, atomically: true, encoding: .utf8)
        let check = Session().check(outputsOf: path, rewriting: false)
        #expect(check.status == .mismatch)
        #expect(check.compared == 1)
        #expect(Session().check(outputsOf: path + "x", rewriting: false).status == .missing)
    }

    @Test func proseOfAReplayedFileIsKept() throws {
        let folder = try folder()
        try "# A tour\n\n```proclip\nprint 1\n```\n\nThe end.\n"
            .write(toFile: folder + "/a.md", atomically: true, encoding: .utf8)
        let session = Session(workingDirectory: folder)
        #expect(type("%run ./a.md", in: session).exitStatus == .ok)
        try session.saveTranscript(to: folder + "/b.pcl")
        #expect(
            try String(contentsOfFile: folder + "/b.pcl", encoding: .utf8)
                == "# # A tour\n\nprint 1\n#> 1\n\n# The end.\n")
    }

    @Test func theLogIsARecipe() throws {
        let folder = try folder()
        let session = Session(workingDirectory: folder)
        for line in ["%log on ./a.pcl", "print 1", "prnt 2", "for k in 1..2; print $k; end", "%log off", "print 3"] {
            _ = type(line, in: session)
        }
        #expect(
            try String(contentsOfFile: folder + "/a.pcl", encoding: .utf8)
                == "print 1\n#> 1\n\nfor k in 1..2\n    print $k\nend\n#> 1\n#> 2\n\n")
        #expect(Session().check(outputsOf: folder + "/a.pcl", rewriting: false).status == .ok)
    }

    @Test func linesOfThePromptWork() throws {
        let session = Session(workingDirectory: try folder())
        _ = type("print 1", in: session)
        _ = type("print 2", in: session)
        #expect(type("%rerun 1..2", in: session).map(\.blocks).flatMap { $0 } == [.note("1"), .note("2")])
        #expect(type("%time pri 5", in: session).first?.blocks == [.note("5")])
        #expect(session.transcript.entries.map(\.statement) == ["print 1", "print 2", "print 1", "print 2", "print 5"])
        let estimate = type("%estimate print 5", in: session).first?.blocks.description
        #expect(estimate?.contains("print does something at once") == true)
        #expect(type("%rerun 99", in: session).exitStatus == .usage)
        let own = session.inputNumber
        #expect(type("%rerun \(own)", in: session).exitStatus == .usage, "what runs itself is refused")
        #expect(type("%rerun \(own)", in: session).exitStatus == .usage)
        #expect(session.depth == 0)
        #expect(type("%time pirnt 5", in: session).exitStatus == .usage)
        #expect(type("%save a.txt", in: session).exitStatus == .usage)
        #expect(type("%reset", in: session).exitStatus == .ok)
        #expect(session.transcript.entries.isEmpty)
    }
}
