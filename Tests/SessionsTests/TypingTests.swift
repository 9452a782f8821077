import Language
import Testing

@testable import Sessions

/// What a line of the prompt stands for: habits of other prompts become statements, and are kept as such.
@Suite struct TypingTests {
    @Test(arguments: [
        ("?", "help "), ("?learn", "help learn"), ("learn?", "help learn"), ("? learning rate", "help learning rate"),
        ("?%save", "help \"%save\""), ("%save?", "help \"%save\""), ("help %save", "help \"%save\""),
        ("m", "show m"), (" m ", "show m"), ("r.emoji.acc1", "print (r.emoji.acc1)"),
        ("r.acc1 * 100", "print (r.acc1 * 100)"), ("$n", "print ($n)"), ("2 + 2", "print (2 + 2)"),
        ("-1", "print (-1)"), ("(1 +", "print ((1 +"), ("(1 +\n2)", "print ((1 +\n2))"), ("'a'", "print ('a')"),
        ("2 # two", "print (2 # two\n)"), ("exit()", "exit"), (".tables", "tables"), (".read a.pcl", "read a.pcl"),
        ("learn m data=d", "learn m data=d"), ("m x", "m x"), ("./m", "./m"), ("n", "print $n"), ("list", "list"),
        ("[1, 2]", "print ([1, 2])"), ("[1,", "print ([1,"), ("mean([1, 2])", "print (mean([1, 2]))"),
        ("1..4", "print 1..4"), ("1..$n", "print 1..$n"), ("cd ..", "set folder='..'"),
        ("%cd ~/x", "set folder='~/x'"), ("q.acc1", "q.acc1"),
        ("2; 3", "2; 3"), ("", ""), ("let x=(1 +", "let x=(1 +"),
    ])
    func standsFor(typed: String, statement: String) {
        let session = fakeSession("make clip as m; make pairs as d; make result as r; let n=1")
        #expect(session.source(typed: typed, prompt: "In [1]: ").text == statement)
    }

    @Test func otherNamesRunAtThePromptAndAreKeptInFull() {
        let session = fakeSession("make clip as m")
        for line in ["echo 1", "ls", "m", "2 + 2", "$n", "%time echo 3"] {
            session.execute(session.source(typed: line, prompt: "In [1]: "))
        }
        #expect(
            session.transcript.entries.map(\.statement)
                == ["make clip as m", "print 1", "list", "show m", "print (2 + 2)", "print 3"])
        #expect(answers("echo 1", in: session) == ["E201"])
        #expect(answers("exit", in: session, prompt: "In [1]: ") == [""] && session.isFinished)
    }
}
