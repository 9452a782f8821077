import Language
import Testing

/// The outputs that files keep, and where they belong.
@Suite struct OutputTests {
    @Test func fencesOfOutputBelongToTheFenceBefore() {
        let source = Source(
            name: "a.md",
            text: "# Title\n\n```proclip\nlist\n```\n\n```output\none\n\ntwo\n```\n\nProse.\n\n```proclip\nquit\n```\n")
        let groups = source.groups
        #expect(groups.map { source.text(of: $0.statements) } == ["list\n", "quit\n"])
        #expect(groups.map(\.output) == ["one\n\ntwo\n", nil])
        #expect(source.prose.map(\.text) == ["# Title", "Prose."])
        #expect(
            source.replacing(groups.map { ($0.place, "") })
                == "# Title\n\n```proclip\nlist\n```\n\nProse.\n\n```proclip\nquit\n```\n")
    }

    @Test func aLongerFenceHoldsShorterOnes() throws {
        let source = Source(
            name: "a.md", text: "```proclip\nlist\n```\n````output\n```\nx\n```\n````\n```proclip\nquit\n```")
        #expect(source.groups.map(\.output) == ["```\nx\n```\n", nil])
        guard case .complete(let statements) = Parser.parse(source) else {
            Issue.record("does not parse")
            return
        }
        #expect(statements.map(\.canonical) == ["list", "quit"])
    }

    @Test func marksBelongToTheStatementsAbove() {
        let source = Source(
            name: "a.pcl", text: "# Purpose\n# of it\nlet x=1\nprint $x\n#> 1\n#>\n#>  two\n\n# %% next\nlist; list\n")
        #expect(source.groups.map(\.output) == ["1\n\n two"])
        #expect(source.groups.map { source.text(of: $0.statements) } == ["print $x"])
        #expect(source.prose.map(\.text) == ["Purpose\nof it", "next"])
        #expect(source.prose.map(\.beginsCell) == [false, true])
    }

    /// The canonical form of each statement with what is said in it and behind it.
    private func canonical(_ text: String) -> [String] {
        let source = Source(name: "a.pcl", text: text)
        guard case .complete(let statements) = Parser.parse(source) else { return [] }
        return statements.map { $0.canonical(with: source.comments, of: source) }
    }

    @Test func commentsStayWhereTheyWere() {
        let block = """
            for k in 1..2  # each
                # first
                print "#1"  # one
                if $k > 1
                    print 2
                    # so
                else
                    # else
                    print 3
                end  # of if
                # last
            end  # of for
            """
        #expect(canonical("# above\n\(block)\n# below") == [block])
        #expect(canonical(block.replacing("    ", with: "\t").replacing("\n", with: "\r\n")) == [block])
        #expect(canonical("x [1, # one\n2] # two\ny;z # three") == ["x [1, 2]  # one # two", "y", "z  # three"])
        #expect(canonical("x 1\n#> 1\n") == ["x 1"])
        #expect(canonical("x (2 # two\n)") == ["x (2)  # two"])
    }

    @Test func linesOfThePromptAreVerbsThereOnly() {
        guard case .complete(let statements) = Parser.parse(Source(name: "", text: "%save x.md", prompt: "In [1]: "))
        else {
            Issue.record("does not parse")
            return
        }
        #expect(statements.map(\.verb) == ["%save"])
        guard case .failed(let diagnostic) = Parser.parse(Source(name: "a.pcl", text: "%save x.md")) else {
            Issue.record("a recipe has none")
            return
        }
        #expect(diagnostic.code == .promptOnly)
    }
}
