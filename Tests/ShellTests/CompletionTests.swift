import Testing

@testable import Sessions
@testable import Shell

@Suite struct CompletionTests {
    @Test func insertsTheOnlyWordOrWhatAllBeginWith() {
        let one = Completions(start: 0, candidates: [.init("epochs", suffix: "=")])
        #expect(one.insertion == "epochs=")
        let two = Completions(start: 0, candidates: [.init("lambda"), .init("latest")])
        #expect(two.insertion == "la")
        #expect(Completions(start: 0, candidates: []).insertion == "")
    }

    @Test func listsHelpBesideEachWord() {
        let keys = Completions(
            start: 0,
            candidates: [
                .init("batch", "pairs in a step"), .init("ema", "how slowly the teacher moves"),
            ])
        #expect(keys.listing(width: 80) == "  batch  pairs in a step\n  ema    how slowly the teacher moves")
        #expect(keys.listing(width: 20) == "  batch  pairs in …\n  ema    how slowl…")
    }

    @Test func listsBareWordsInColumns() {
        let words = Completions(start: 0, candidates: ["clip", "embedder", "pairs"].map { .init($0) })
        #expect(words.listing(width: 24) == "  clip      embedder\n  pairs   ")
    }

    @Test func saysHowManyItLeavesOut() {
        let many = Completions(start: 0, candidates: (0..<100).map { .init("w\($0)") })
        #expect(many.listing(width: 80).hasSuffix("  and 40 more"))
    }
}
