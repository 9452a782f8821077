import Testing

@testable import Shell

@Suite struct CompletionTests {
    @Test func insertsTheOnlyWordOrWhatAllBeginWith() {
        let one = Completion(start: 0, candidates: [.init(word: "epochs", suffix: "=")])
        #expect(one.insertion == "epochs=")
        let two = Completion(start: 0, candidates: [.init(word: "lambda"), .init(word: "latest")])
        #expect(two.insertion == "la")
        #expect(Completion(start: 0, candidates: []).insertion == "")
    }

    @Test func listsHelpBesideEachWord() {
        let keys = Completion(
            start: 0,
            candidates: [
                .init(word: "batch", help: "pairs in a step"), .init(word: "ema", help: "how slowly the teacher moves"),
            ])
        #expect(keys.listing(width: 80) == "  batch  pairs in a step\n  ema    how slowly the teacher moves")
        #expect(keys.listing(width: 20) == "  batch  pairs in …\n  ema    how slowl…")
    }

    @Test func listsBareWordsInColumns() {
        let words = Completion(start: 0, candidates: ["clip", "embedder", "pairs"].map { .init(word: $0) })
        #expect(words.listing(width: 24) == "  clip      embedder\n  pairs   ")
    }

    @Test func saysHowManyItLeavesOut() {
        let many = Completion(start: 0, candidates: (0..<100).map { .init(word: "w\($0)") })
        #expect(many.listing(width: 80).hasSuffix("  and 40 more"))
    }
}
