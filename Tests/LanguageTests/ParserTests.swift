import Testing

@testable import Language

/// The statements of a text that must parse.
func statements(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> [Statement] {
    let outcome = Parser.parse(Source(name: "test.pcl", text: text))
    guard case .complete(let statements) = outcome else {
        Issue.record("\(outcome)", sourceLocation: sourceLocation)
        return []
    }
    return statements
}

func canonical(_ text: String) throws -> String {
    try statements(text).map(\.canonical).joined(separator: "\n")
}

@Suite struct ParserTests {
    @Test(arguments: [
        ("load clip pico-clip as teacher", "load clip pico-clip as teacher"),
        ("load   pairs ./a/b.h5 split=train  as train # note", "load pairs ./a/b.h5 split=train as train"),
        ("a; b ;; c", "a\nb\nc"),
        ("a;b", "a\nb"),
        ("print 'it''s'", "nothing"),
        ("print \"a # b; as c\"", "print \"a # b; as c\""),
        ("print 'raw $k \\n'", "print \"raw \\$k \\\\n\""),
        ("print \"tab\\t$k and ${k}x\"", "print \"tab\\t${k} and ${k}x\""),
        ("save m ./out/${k}.h5", "save m ./out/${k}.h5"),
        ("x [a, 'b', 3,\n 1..4]", "x [a, \"b\", 3, 1..4]"),
        ("x [\n  a,\n  b\n]\ny", "x [a, b]\ny"), ("x (1 +\n2\n) as z", "x (1 + 2) as z"),
        ("x (max(\n1, [2, 3\n]\n))", "x (max(1, [2, 3]))"),
        ("x []", "x []"),
        ("x -1 2e-4 0.0002 1e3 -2..3", "x -1 0.0002 0.0002 1000 -2..3"),
        ("x 0.5..2", "x 0.5..2"), ("x 1..$n $a..3 ${a}..$b", "x 1..$n $a..3 $a..$b"),
        ("x all-MiniLM-L6-v2 org/name a-b 4bit 1.2.3", "x all-MiniLM-L6-v2 org/name a-b 4bit 1.2.3"),
        ("load x ../a..b/c", "load x ../a..b/c"),
        ("x true false $k ~/m", "x true false $k ~/m"),
        ("x stop=drop:10% z=(7 % 2)", "x stop=drop:10% z=(7 % 2)"),
        ("x y=(1 + 2*3) z=((1+2)*3)", "x y=(1 + 2 * 3) z=((1 + 2) * 3)"),
        ("let k=3", "let k=3"),
        ("param epochs=4 \"passes over the pairs\"", "param epochs=4 \"passes over the pairs\""),
        ("assert r.image_retrieval_recall@5 >= 0.1", "assert r.image_retrieval_recall@5 >= 0.1"),
        ("assert a.x-b.y < 1", "assert a.x - b.y < 1"),
        ("assert not a.x == 1 or b.y and c.z", "assert not a.x == 1 or b.y and c.z"),
        ("assert 1 - (2 - 3) - -4 > 0", "assert 1 - (2 - 3) - -4 > 0"),
        ("assert (1 < 2) == true", "assert (1 < 2) == true"),
        ("assert max(r.a, 1, $k) % 2 == round(mean($l), 2)", "assert max(r.a, 1, $k) % 2 == round(mean($l), 2)"),
        ("if $k > 1; print 'a'; else; print 'b'; end", "if $k > 1\n    print \"a\"\nelse\n    print \"b\"\nend"),
        ("for k in 1..3\n print $k\nend", "for k in 1..3\n    print $k\nend"),
        ("\u{feff}# comment\r\na b\r\n", "a b"),
        ("load images ./pics/*.jpg, ", "nothing"),
    ])
    func canonicalForm(text: String, expected: String) throws {
        let outcome = Parser.parse(Source(name: "test.pcl", text: text))
        guard expected != "nothing" else {
            if case .failed = outcome { return }
            Issue.record("should fail: \(outcome)")
            return
        }
        let printed = try canonical(text)
        #expect(printed == expected)
        #expect(try canonical(printed) == expected, "the canonical form must parse back to itself")
    }

    @Test func spansCoverTheText() throws {
        let text = "tune s1 data=train lr=(2*1e-3) as proclip"
        let source = Source(name: "t", text: text)
        let statement = try #require(try statements(text).first)
        guard case .invocation(let invocation) = statement.form else {
            Issue.record("no invocation")
            return
        }
        #expect(source.text(of: statement.span) == text)
        #expect(source.text(of: invocation.verb.span) == "tune")
        #expect(source.text(of: invocation.options[0].key.span) == "data")
        #expect(source.text(of: invocation.options[1].value.span) == "(2*1e-3)")
        #expect(source.text(of: try #require(invocation.result).span) == "proclip")
    }

    @Test func commentsNeedWhiteSpaceBefore() throws {
        #expect(try canonical("load x ./a#b # c") == "load x ./a#b")
        #expect(try canonical("#whole line\n  # indented\nx") == "x")
    }

    @Test(arguments: ["x [1,", "x (1 +", "for k in [1, 2]", "if true\nprint 'a'", "if true; a; else", "x (max(1, "])
    func asksForMore(text: String) {
        guard case .incomplete = Parser.parse(Source(name: "t", text: text)) else {
            Issue.record("not incomplete: \(Parser.parse(Source(name: "t", text: text)))")
            return
        }
    }

    @Test(arguments: ["x ]", "x 'a", "end", "x (1 + )", "x y= 1", "as z"])
    func wrongIsNotIncomplete(text: String) {
        guard case .failed = Parser.parse(Source(name: "t", text: text)) else {
            Issue.record("not failed: \(Parser.parse(Source(name: "t", text: text)))")
            return
        }
    }

    @Test func literateRecipesKeepTheirLineNumbers() throws {
        let text =
            "# Title\n\nProse with load.\n\n```proclip\nload clip a as t\n```\n\n```sh\nrm x\n```\n\n```proclip\neval t\n```\n"
        let source = Source(name: "tour.md", text: text)
        guard case .complete(let statements) = Parser.parse(source) else {
            Issue.record("does not parse")
            return
        }
        #expect(statements.map(\.canonical) == ["load clip a as t", "eval t"])
        #expect(source.position(of: statements[1].span.start).line == 14)
        guard case .incomplete = Parser.parse(Source(name: "t.md", text: "```proclip\nx\n")) else {
            Issue.record("an open fence asks for more")
            return
        }
    }
}
