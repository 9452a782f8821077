import Foundation
import Inputs
import Testing

@testable import Sessions

/// Grids of nine pictures with captions that are longer than CLIP reads.
@Suite struct GridTests {
    private func world() throws -> (TinyWorld, PairDataset, CLIPTokenizer) {
        let world = try TinyWorld()
        try world.requireNoErrors(
            """
            load pairs ./tiny.h5 as all
            load pairs ./tiny.h5 split=train as train
            prepare grids data=train count=8 side=48 to=./grids.h5
            load pairs ./grids.h5 as squares
            """)
        let content = try #require(world.session.bindings["squares"]?.handle.content as? PairsContent)
        return (world, content.data, try world.session.clipTokenizer(contextLength: 1024))
    }

    private func tokens(_ text: String, _ tokenizer: CLIPTokenizer) -> [Int32] {
        Array(tokenizer.encode([text])[0].dropFirst().dropLast())
    }

    @Test func captionsAreLongAndFalseOnesDiffer() throws {
        let (_, data, tokenizer) = try world()
        #expect(data.pictureCount == 24 && data.sets == ["swap", "replace", "late"] && data.splits == ["train"])
        let (right, wrong) = (try data.captions(), try data.captions(language: "en-negative"))
        #expect(right.count == 24 && wrong.count == 24)
        for (own, other) in zip(right, wrong) {
            #expect(own.picture == other.picture && own.text != other.text)
            for caption in [own, other] { #expect((90...200).contains(tokens(caption.text, tokenizer).count)) }
        }
    }

    @Test func aSwapKeepsTheWordsAndAReplacementDoesNot() throws {
        let (_, data, _) = try world()
        let (right, wrong) = (try data.captions(), try data.captions(language: "en-negative"))
        func words(_ text: String) -> [Substring] {
            text.lowercased().split { !$0.isLetter && !$0.isNumber }.sorted()
        }
        for (own, other) in zip(right, wrong) {
            switch data.setOfPicture[own.picture] {
            case "swap": #expect(words(own.text) == words(other.text))
            default: #expect(words(own.text) != words(other.text))
            }
        }
    }

    @Test func lateCaptionsDifferBehindTheLimitOnly() throws {
        let (_, data, tokenizer) = try world()
        let late = data.setOfPicture.indices.filter { data.setOfPicture[$0] == "late" }
        let (right, wrong) = (try data.captions(), try data.captions(language: "en-negative"))
        for picture in late {
            let (own, other) = (tokens(right[picture].text, tokenizer), tokens(wrong[picture].text, tokenizer))
            #expect(own.prefix(75) == other.prefix(75) && own != other)
        }
        // Fours share their upper two thirds.
        let pictures = try late.prefix(4).map { try data.picture($0).samples }
        let upper = 48 * 32 * 3
        #expect(Set(pictures.map { Array($0.prefix(upper)) }).count == 1 && Set(pictures).count == 4)
    }

    @Test func everyPlaceShowsWhatTheCaptionSays() throws {
        let (world, data, _) = try world()
        let train = try #require(world.session.bindings["train"]?.handle.content as? PairsContent)
        let pictures = Dictionary(train.captions.map { ($0.text, $0.picture) }, uniquingKeysWith: { first, _ in first })
        for grid in 0..<3 {
            let drawn = try data.picture(grid)
            for (place, text) in data.keywords[grid].enumerated() {
                let shown = try train.data.picture(try #require(pictures[text]))
                let (x, y) = (place % 3 * 16 + 8, place / 3 * 16 + 8)
                let (at, of) = ((y * 48 + x) * 3, (8 * 16 + 8) * 3)
                #expect(drawn.samples[at..<at + 3].elementsEqual(shown.samples[of..<of + 3]), "\(text)")
            }
        }
    }

    @Test func theSeedDecides() throws {
        let (world, data, _) = try world()
        try world.requireNoErrors(
            """
            prepare grids data=train count=8 side=48 to=./again.h5
            prepare grids data=train count=8 side=48 seed=1 to=./other.h5
            """)
        let hashes = try ["again", "other"].map { try PairDataset.load("\(world.folder)/\($0).h5").hash }
        #expect(hashes[0] == data.hash && hashes[1] != data.hash)
    }

    @Test func modelsAreJudgedOnThem() throws {
        let (world, _, _) = try world()
        try world.requireNoErrors(
            """
            \(MethodTests.pretrain) as teacher
            eval teacher on=squares task=[retrieval, negatives] as r
            assert r.late.n_images == 8 and r.swap.acc >= 0 and r.n_images > 20
            """)
    }

    @Test func whatGridsNeedIsSaid() throws {
        let (world, _, _) = try world()
        world.expectErrors([
            ("prepare grids to=./g.h5", "E205", "grids need pictures to be composed of"),
            ("prepare grids data=train", "E205", "it is not said what to write"),
            (
                "load pairs ./tiny.h5 split=test as few\nprepare grids data=few to=./g.h5", "E211",
                "holds no 18 different captions"
            ),
            ("load pairs ./tiny.h5 lang=de as de\nprepare grids data=de to=./g.h5", "E216", "described in English"),
        ])
    }
}
