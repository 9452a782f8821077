import Testing

@testable import Sessions

@Suite struct CompletionTests {
    @Test(arguments: [
        ("lea", ["learn"]), ("learn ", ["m"]), ("learn m ep", ["epochs="]), ("learn m epochs=2 ep", []),
        ("learn m data=", ["d"]), ("learn m standardise=", ["true", "false"]), ("learn m train=[adapter, i", ["image"]),
        ("make p", ["pairs"]), ("make pairs s", ["split="]), ("make clip s", []), ("assert r.em", ["r.emoji.acc1"]),
        ("assert r", ["r", "round"]), ("print $n", ["$n"]), ("print ./a/$", ["$n"]),
        ("for k in 1..$", ["$n"]), ("print ./a$x/", []), ("learn m tower=r", ["random:"]),
        ("learn m data=d as x", []), ("learn m data=d a", ["as"]), ("learn m a", []), ("print 1 a", []),
        ("let x=1; learn m data=d a", ["as"]), ("%time learn m data=d a", ["as"]), ("learn m data=d as x a", []),
        ("for k ", ["in"]), ("for k in ", ["$n"]), ("for ", []), ("for k in [1] ", []),
        ("print \"a ${", ["${n}"]), ("print \"$", ["$n"]), ("assert $", ["$n"]), ("assert fa", ["false"]),
        ("r.em", ["r.emoji.acc1"]), ("resume m", []), ("load run ./no-such/", []),
        ("print r.em", ["r.emoji.acc1"]), ("?lea", ["learn"]), ("?%sa", ["%save"]), ("  ? pai", ["pairs"]),
        ("?learn ep", ["epochs"]), ("help tune lam", ["lambda"]), ("?learn epochs ", []),
        ("el", []), ("if true\n  el", ["else"]), ("plot sim ", ["m"]), ("plot forget ", ["r"]),
        ("show ", ["m", "d", "r"]), ("for k in 1..2\n  print $", ["$k", "$n"]), ("let z=1; print $z", ["$z"]),
        ("include /usr/sh", ["/usr/share/"]),
    ])
    func fits(text: String, expected: [String]) {
        let session = fakeSession("make clip as m; make pairs as d; make result as r; let n=1")
        #expect(session.completions(endOf: text).candidates.map(\.word) == expected)
    }

    @Test func keysSayWhatTheyMean() throws {
        let session = fakeSession("make clip as m")
        let candidate = try #require(session.completions(endOf: "learn m epo").candidates.first)
        #expect(candidate.help == "passes over the data [4]")
        #expect(candidate.suffix.isEmpty)
    }

    @Test func pathsAreCompleted() {
        let found = fakeSession("make clip as m").completions(endOf: "learn m from=/usr/sh")
        #expect(found.candidates.map(\.word) == ["/usr/share/"])
        #expect(found.start == "learn m from=".utf8.count)
    }
}
