import Foundation
import Inputs
import Language
import Testing
import Towers

@testable import Sessions

/// `align` on a small random Gemma: texts of one meaning come closer, and what was trained can be used again.
@Suite struct AlignTests {
    private static let model =
        URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../TowersTests/Fixtures/decoders/gemma3.gguf").standardized.path()

    /// Sixteen pictures whose names are in two languages.
    private func withWorld(_ body: (TinyWorld) throws -> Void) throws {
        let world = try TinyWorld()
        defer { try? FileManager.default.removeItem(atPath: world.folder) }
        let words = [("apple", "Apfel"), ("house", "Haus"), ("dog", "Hund"), ("photo", "Foto")]
        let colours = [("red", "rot"), ("green", "grün"), ("blue", "blau"), ("the", "der")]
        let records = (0..<16).map { index in
            let (word, colour) = (words[index % 4], colours[index / 4])
            return PairRecords.Record(
                picture: Picture(
                    width: 8, height: 8, channels: 3, samples: [UInt8](repeating: UInt8(index), count: 192)),
                set: "words", split: "train", name: "\(index)", group: "\(index)",
                captions: [("en", "\(colour.0) \(word.0)"), ("de", "\(word.1) \(colour.1)")], labels: [:])
        }
        try PairRecords(records: records, provenance: [:]).write(to: world.folder + "/words.h5")
        let errors = world.errors(
            "load pairs ./words.h5 as words; load embedder \(Self.model) precision=float32 as raw")
        #expect(errors.isEmpty, "\(errors)")
        try body(world)
    }

    private func vectors(_ world: TinyWorld, _ name: String) throws -> [Float] {
        let content = try #require(world.session.bindings[name]?.handle.content as? EmbedderContent)
        return try content.embedder.embed(["red apple", "Haus blau", ""]).values
    }

    @Test func textsOfOneMeaningComeCloser() throws {
        try withWorld { world in
            let errors = world.errors(
                """
                eval raw on=words as before
                align raw data=words train=lora:4 lr=1e-2 batch=16 epochs=40 warmup=5 as aligned
                eval aligned on=words task=languages languages=[de] as after
                assert after.separability > before.separability + 1
                assert after.de.recall@1 > before.de.recall@1
                assert aligned.loss < 1
                """)
            #expect(errors.isEmpty, "\(errors)")
        }
    }

    /// Without pictures a canary is what eval finds between languages.
    @Test func aCanaryListensToTheLanguages() throws {
        try withWorld { world in
            let errors = world.errors(
                """
                align raw data=words train=lora:2 lr=1e-2 batch=8 epochs=2 canary=words as aligned
                eval aligned on=words as r
                assert aligned.canary.recall@1 == r.recall@1 and aligned.canary.separability == r.separability
                plot canary aligned
                """)
            #expect(errors.isEmpty, "\(errors)")
            let content = try #require(world.session.bindings["aligned"]?.handle.content as? EmbedderContent)
            #expect(content.training?.readings.map(\.step) == [0, 2, 4])
        }
    }

    @Test func whatWasTrainedIsSavedAndMerged() throws {
        try withWorld { world in
            let errors = world.errors(
                """
                align raw data=words train=lora:2 alpha=8 lr=1e-2 batch=8 epochs=4 as aligned
                save aligned ./adapter
                load embedder \(Self.model) lora=./adapter precision=float32 as merged
                """)
            #expect(errors.isEmpty, "\(errors)")
            let (raw, aligned, merged) = (
                try vectors(world, "raw"), try vectors(world, "aligned"), try vectors(world, "merged")
            )
            #expect(zip(aligned, merged).allSatisfy { abs($0 - $1) < 1e-4 })
            #expect(zip(aligned, raw).contains { abs($0 - $1) > 1e-2 })
        }
    }

    @Test func aPausedRunContinuesToTheSameBits() throws {
        try withWorld { world in
            let errors = world.errors(
                """
                align raw data=words train=lora:2 lr=1e-2 batch=8 epochs=4 as whole
                align raw data=words train=lora:2 lr=1e-2 batch=8 epochs=4 stop=3 as parts
                resume parts
                """)
            #expect(errors.isEmpty, "\(errors)")
            let (whole, parts) = (try vectors(world, "whole"), try vectors(world, "parts"))
            #expect(whole == parts)
        }
    }

    @Test func mistakesAreNamed() throws {
        try withWorld { world in
            world.run("align raw data=words train=lora:1 batch=4 epochs=1 as aligned")
            world.expectErrors([
                ("align aligned data=words", "E216", "aligned is aligned already"),
                ("align llm data=words", "E204", "tiny has no matrices that could be trained"),
                ("align raw data=words train=lora:0", "E210", "\"lora:0\" names no rank"),
                ("align raw data=words languages=[en] canary=words", "E216", "another language than en"),
                ("save raw ./adapter", "E216", "gemma3.gguf is as it was loaded"),
                ("eval raw on=words task=retrieval", "E216", "an embedder sees no pictures"),
                ("eval raw on=words languages=[dee]", "E211", "no captions in \"dee\""),
                ("eval raw on=words languages=[en]", "E216", "another language than en"),
            ])
        }
    }
}
