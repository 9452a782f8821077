import Foundation
import Language
import Rendering
import Testing

@testable import Sessions

@Suite struct SessionTests {
    @Test func bindsAndReadsBack() {
        let session = fakeSession()
        let texts = answers(
            """
            make clip as m; make pairs as d
            let n=3
            learn m data=d epochs=$n lr=(1e-3 * 2) as s1
            make result acc1=0.75 as r
            print r.acc1 (r.emoji.acc1 * 2) "n is $n" [a, 1]
            assert r.acc1 > 0.5
            """, in: session)
        #expect(texts == ["made", "made", "", "learned 3 lr 0.002", "made", "0.75 0.5 n is 3 [a, 1]", ""])
        #expect(session.bindings.names == ["m", "d", "s1", "r"])
    }

    @Test func blocksRunTheirStatements() {
        let session = fakeSession()
        let texts = answers(
            "for k in 1..3; if $k == 2; print 'two'; else; print $k; end; end; for n in [a, b]; print $n; end",
            in: session)
        #expect(texts == ["1", "two", "3", "a", "b"])
    }

    @Test func nothingRunsWhenALaterLineIsWrong() {
        let session = fakeSession()
        let texts = answers("make clip as m\nprint 'work'\nlearn m dat=m\nprnt 1\nprint $x", in: session)
        #expect(texts == ["E203", "E201", "E207"])
        #expect(session.bindings.names.isEmpty)
    }

    @Test func aFaultyResultIsReportedOnce() {
        #expect(
            answers("make clipp as m\nlearn m data=m\nmake pairs as d\nlearn m data=d", in: fakeSession()) == ["E211"])
    }

    @Test func laterResultsAreCheckedByKind() {
        #expect(answers("make pairs as d\nlearn d data=d", in: fakeSession()) == ["E209"])
        let passes = answers("make result as r\nif r.acc1 > 0.7\nprint 'high'\nend\nprint r.acc1", in: fakeSession())
        #expect(passes == ["made", "0.5"])
    }

    @Test func aRecipeStopsAtItsFirstError() {
        let session = fakeSession("make clip as m; make pairs as d")
        #expect(answers("learn m data=d epochs=13; print 'never'", in: session) == ["E601"])
        #expect(answers("make result as r; assert r.acc1 > 0.9; print 'never'", in: session) == ["made", "E301"])
        #expect(answers("for k in [1, 13, 2]; learn m data=d epochs=$k; end", in: session).count == 2)
    }

    @Test func exitStatusesFollowTheContract() {
        func status(_ text: String) -> Int32 {
            fakeSession("make clip as m; make pairs as d; make result as r")
                .execute(Source(name: "t", text: text)).exitStatus.rawValue
        }
        #expect(status("print 1") == 0)
        #expect(status("learn m data=d epochs=13") == 1)
        #expect(status("prin 1") == 2)
        #expect(status("print 'a") == 2)
        #expect(status("assert r.acc1 == 7") == 3)
        #expect(status("learn m data=d from=./no-such-file") == 4)
        #expect(status("learn m data=d epochs=99; print 'never'") == 130)
        #expect(ExitStatus(.notFinite).rawValue == 5)
        #expect(ExitStatus(.terminated).rawValue == 143)
    }

    @Test func aRaisedFlagEndsTheRun() {
        let session = fakeSession()
        var seen = 0
        let results = session.execute(Source(name: "t", text: "for k in 1..100\nprint $k\nend")) { _ in
            seen += 1
            if seen == 3 { session.stop.raise() }
        }
        #expect(results.count == 4)
        #expect(results.exitStatus == .interrupted)
        #expect(answers("print 'again'", in: session) == ["again"])
    }

    @Test func abbreviationsAreForThePrompt() {
        let session = fakeSession("make clip as m; make pairs as d")
        #expect(answers("lea m da=d ep=2", in: session) == ["E201"])
        let results = session.execute(Source(name: "In [1]", text: "lea m da=d ep=2", prompt: "In [1]: "))
        #expect(results.map(\.statement) == ["learn m data=d epochs=2"])
        #expect(answers("pri 1", in: session, prompt: "In [2]: ") == ["1"])
    }

    @Test func rebindingMarksWhatWasDerivedAsStale() throws {
        let session = fakeSession("make clip as m; make pairs as d; learn m data=d as s1; learn s1 data=d as s2")
        #expect(session.bindings.entries.allSatisfy { !session.bindings.isStale($0) })
        session.execute(Source(name: "t", text: "make pairs as d"))
        let stale = session.bindings.entries.filter(session.bindings.isStale).map(\.handle.name)
        #expect(stale == ["s1", "s2"])
        session.execute(Source(name: "t", text: "drop s1; show last"))
        #expect(session.bindings.names == ["m", "s2", "d"])
    }

    @Test func aHandleWinsOverAChoiceWithANote() {
        let session = fakeSession("make clip as m; make pairs as d; make pairs as classes")
        #expect(
            answers("learn m data=d texts=[d, classes]", in: session)
                == ["classes is taken as the handle of that name|learned 4 lr 1e-05"])
    }

    @Test func filesOfEarlierStatementsAreExpected() {
        #expect(
            answers("make clip as m; make pairs as d; learn m data=d from=./no-such", in: fakeSession()) == ["E401"])
        let session = fakeSession()
        let found = session.check(
            Source(name: "t", text: "write ./no-such; make clip as m; make pairs as d; learn m data=d from=./no-such"))
        #expect(found.diagnostics.isEmpty)
    }

    @Test func jsonLinesHaveTheAgreedForm() {
        let session = fakeSession()
        let results = session.execute(Source(name: "t", text: "make result as r; assert r.acc1 == 2"))
        #expect(results[0].jsonLine.hasPrefix("{\"n\":1,\"verb\":\"make\",\"name\":\"r\",\"seconds\":"))
        #expect(
            results[1].jsonLine
                == "{\"n\":2,\"error\":{\"code\":\"E301\",\"message\":\"the assertion does not hold\",\"span\":{\"source\":\"t\","
                + "\"line\":1,\"column\":26,\"end_line\":1,\"end_column\":37},\"suggestions\":[]}}")
    }
}
