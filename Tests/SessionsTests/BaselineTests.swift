import Foundation
import Language
import ProCLIP
import Testing

@testable import Sessions

/// The baselines and forms of stage 2 as settings of one verb, on forty small squares.
@Suite struct BaselineTests {
    private static let steps = MethodTests.steps
    private static let sizes = MethodTests.sizes

    private func world() throws -> TinyWorld {
        let world = try TinyWorld()
        try world.requireNoErrors("\(MethodTests.start)\ndistill llm to=teacher data=train \(Self.sizes) as s1")
        return world
    }

    @Test func everyFormIsASettingOfTune() throws {
        let world = try world()
        try world.requireNoErrors(
            """
            tune s1 data=train \(Self.steps) train=[adapter, last:1] as last_block
            tune s1 data=train \(Self.steps) train=[adapter, lora:2] tower_lr=0.01 as low_rank
            tune s1 data=train \(Self.steps) train=[adapter, lora:2] alpha=8 teacher=cached tower_lr=0.01 as cached
            tune s1 data=train \(Self.steps) teacher=initial as initial
            tune llm tower=teacher data=train \(Self.sizes) as with_reg
            tune llm tower=random:vit-pico data=train lambda=0 train=[adapter, lora:2] \(Self.sizes) as random
            tune s1 data=train \(Self.steps) info_weight=0 as held
            tune s1 data=train \(Self.steps) struct=none as instance
            tune s1 data=train \(Self.steps) ins_weight=0 as structure
            tune teacher data=train \(Self.steps) as long_clip
            tune teacher data=train \(Self.steps) train=[text, image] as whole
            distill llm to=teacher data=train \(Self.sizes) struct=none as ins_only
            compare teacher last_block low_rank cached initial long_clip whole on=test as c
            save low_rank ./low_rank.h5
            save long_clip ./long_clip.h5
            load clip ./long_clip.h5 as again
            eval again on=test as r
            assert r.mean_recall == c.long_clip.mean_recall
            assert c.long_clip.cka > 0.9999 and c.low_rank.cka < 1 and c.whole.cka < 1
            """)
        let kinds = ["low_rank", "long_clip", "whole"].map { world.session.bindings[$0]?.handle.kind }
        #expect(kinds == [.model, .clip, .clip])
    }

    @Test func aCLIPIsTakenUpAgainFromItsCheckpoint() throws {
        let world = try world()
        try world.requireNoErrors(
            """
            tune teacher data=train \(Self.steps) as whole
            tune teacher data=train \(Self.steps) stop=3 as parts
            resume parts
            eval whole on=test as a
            eval parts on=test as b
            assert a.mean_recall == b.mean_recall
            """)
        let contents = ["whole", "parts"].compactMap { world.session.bindings[$0]?.handle.content as? ClipContent }
        #expect(try contents.count == 2 && contents[0].identity.hash == contents[1].identity.hash)
    }

    @Test func translationsArePulledToTheEnglishCaption() throws {
        let world = try world()
        try world.requireNoErrors(
            """
            load pairs ./tiny.h5 split=train limit=10 as few
            distill llm to=teacher data=few languages=[de, fr] \(Self.sizes) as across
            """)
        let across = world.session.bindings["across"]?.handle.content as? ModelContent
        // Thirty texts of ten meanings, eight a batch, of two epochs.
        #expect(across?.history.count == 8)
        var pool = DistillPool()
        let few = try #require(world.session.bindings["few"]?.handle.content as? PairsContent)
        try pool.add(few, languages: ["de", "fr"], long: nil)
        #expect(pool.texts.count == 30 && pool.targets == few.captions.map(\.text))
        for (text, meaning) in zip(pool.texts, pool.meanings) {
            let number = try #require(text.split(whereSeparator: { !$0.isNumber }).first)
            #expect(pool.targets[meaning].hasSuffix(" \(number)"), "\(text)")
        }
    }

    @Test func longCaptionsAreDistilledBeside() throws {
        let world = try world()
        try world.requireNoErrors("distill llm to=teacher data=train long=de \(Self.sizes) as both")
        let both = world.session.bindings["both"]?.handle.content as? ModelContent
        #expect(both?.history.last?.terms.map(\.name) == ["ins", "struct", "ins_long"])
    }

    @Test func aLimitDrawsPicturesBySeed() throws {
        let world = try world()
        try world.requireNoErrors(
            """
            load pairs ./tiny.h5 split=train limit=10 as a
            load pairs ./tiny.h5 split=train limit=10 as b
            load pairs ./tiny.h5 split=train limit=10 seed=1 as c
            load pairs ./tiny.h5 split=train limit=30 as all
            """)
        let data = ["a", "b", "c", "all", "train"].compactMap {
            (world.session.bindings[$0]?.handle.content as? PairsContent)?.data
        }
        #expect(data.map(\.pictureCount) == [10, 10, 10, 30, 30])
        #expect(data[0].names == data[1].names && data[0].names != data[2].names)
        #expect(data[0].hash == data[1].hash && data[3].hash == data[4].hash)
    }

    @Test func whatCannotBeTrainedIsSaidBeforeAnyWork() throws {
        let world = try world()
        world.expectErrors([
            ("tune s1 data=train train=[adapter, last:x] as m", "E210", "\"last:x\" names no part"),
            ("tune s1 data=train train=[image, lora:4] as m", "E216", "image and lora:4 both say"),
            ("tune s1 data=train train=[adapter, text] as m", "E216", "there is no text tower to train"),
            ("tune s1 data=train alpha=4 as m", "E216", "alpha belongs to matrices of low rank"),
            ("tune teacher data=train train=adapter as m", "E216", "has no adapter to train"),
            ("tune teacher data=train train=[text, lora:4] as m", "E216", "has no lora:4 to train"),
            ("tune teacher data=train blocks=3 as m", "E216", "gets no adapter, so blocks has no place"),
            ("tune s1 data=train info_weight=0 lambda=0 preset=pico as m", "E210", "nothing is learned"),
            ("tune s1 data=train ins_weight=0 struct=none as m", "E210", "nothing is aligned"),
            ("tune s1 data=train teacher=emma as m", "E211", "did you mean: ema?"),
            ("tune s1 data=train train=[adapter, last:2] preset=pico as m", "E210", "the image tower has 1 blocks"),
            ("distill llm to=teacher data=train languages=[ja] as s", "E211", "no captions in \"ja\""),
        ])
    }
}
