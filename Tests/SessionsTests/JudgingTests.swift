import Foundation
import Testing

@testable import Sessions

/// The tasks of `eval` beside retrieval and classification.
@Suite struct JudgingTests {
    @Test func probeAndGeometryGiveNumbersWithIntervals() throws {
        let world = try TinyWorld()
        try world.requireNoErrors(
            "\(MethodTests.start)\neval teacher on=test task=[retrieval, probe, geometry] train=train as r")
        let accuracy = try #require(world.number("r.probe_acc1"))
        let bounds = try ["r.probe_acc1_low", "r.probe_acc1_high"].map { try #require(world.number($0)) }
        #expect(bounds[0] <= accuracy && accuracy <= bounds[1] && accuracy > 0.2)
        #expect(try #require(world.number("r.alignment")) > 0 && #require(world.number("r.modality_gap")) > 0)
        #expect(try #require(world.number("r.mean_recall_low")) <= #require(world.number("r.mean_recall")))
    }

    /// Robustness sets: a row each with its count, and the mean over them.
    @Test func severalFilesOfPairsAreOneTable() throws {
        let world = try TinyWorld()
        try world.requireNoErrors(
            """
            \(MethodTests.start)
            load pairs ./tiny.h5 sets=even as even
            load pairs ./tiny.h5 sets=odd split=test lang=de as german
            eval teacher on=[test, even, german] task=[retrieval, zeroshot] classes=colour as r
            eval teacher on=even task=zeroshot classes=colour as alone
            eval teacher on=german as own
            """)
        let numbers = try ["r.test.even.acc1", "r.test.odd.acc1", "r.even.acc1", "r.german.acc1"].map {
            try #require(world.number($0))
        }
        #expect(abs(try #require(world.number("r.acc1")) - numbers.reduce(0, +) / 4) < 1e-12)
        #expect(world.number("r.even.acc1") == world.number("alone.acc1"))
        #expect(world.number("r.german.mean_recall") == world.number("own.mean_recall"))
        // How many pictures stand behind a number is told without retrieval, too.
        #expect(world.number("alone.n_images") == 20 && world.number("r.german.n_images") == 5)
        let low = try #require(world.number("r.acc1_low"))
        #expect(try low <= #require(world.number("r.acc1")))
        let reply = try #require(world.session.bindings["r"]?.handle.content as? ResultContent)
        guard case .table(let table)? = reply.reply.blocks.first else {
            Issue.record("there is no table")
            return
        }
        #expect(table.rows.map { $0[0] } == ["test.even", "test.odd", "even", "german", "mean"])
        #expect(reply.judged.first?.pools.map(\.language) == ["en", "en", "en", "de"])
    }

    @Test func modelsAreComparedOnSeveralFilesAtOnce() throws {
        let world = try TinyWorld()
        try world.requireNoErrors(
            """
            \(MethodTests.start)
            load pairs ./tiny.h5 sets=even as even
            distill llm to=teacher data=train \(MethodTests.sizes) as s1
            compare teacher s1 on=[test, even] as c
            compare teacher s1 on=even as alone
            plot forget c as lost
            """)
        #expect(world.number("c.s1.even.mean_recall") == world.number("alone.s1.mean_recall"))
        #expect(world.number("c.s1.cka").map { $0 > 0.9999 } == true)
        #expect(world.number("c.s1.image_retrieval_better") != nil)
        let reply = try #require(world.session.bindings["c"]?.handle.content as? ResultContent).reply
        let notes = reply.blocks.compactMap { if case .note(let text) = $0 { text } else { nil } }
        #expect(
            notes.first?.hasPrefix(
                "pools: test.even 5 images, 5 texts, 5 classes; test.odd 5 images, 5 texts, 5 classes; "
                    + "even 20 images, 20 texts, 5 classes\n") == true)
        #expect(
            notes.first?.contains(
                "\nzeroshot: test.even by colour (5 classes), test.odd by colour (5 classes), even by colour") == true)
        #expect(notes.first?.split(separator: "\n").count { $0.hasPrefix("zeroshot") } == 1)
        // Where nothing has changed there is no table of changes.
        try world.requireNoErrors("compare teacher teacher on=test as same")
        let same = try #require(world.session.bindings["same"]?.handle.content as? ResultContent).reply
        let titles = same.blocks.compactMap { if case .table(let table) = $0 { table.title } else { nil } }
        #expect(!titles.contains { $0.contains("largest changes") } && !titles.isEmpty)
        world.expectErrors([
            ("eval llm on=[test, even] task=languages", "E216", "languages are compared within one file of pairs"),
            ("eval teacher on=[test, even] task=negatives", "E216", "test has no false captions"),
        ])
    }

    @Test func whatATaskNeedsIsNamed() throws {
        let world = try TinyWorld()
        try world.requireNoErrors(MethodTests.start)
        world.expectErrors([
            ("eval teacher on=test task=probe", "E205", "train="),
            ("eval teacher on=test task=negatives", "E216", "en-negative"),
            ("eval teacher on=[]", "E210", "the list is empty"),
            ("compare teacher on=[]", "E210", "the list is empty"),
            ("compare teacher on=test tasks=[]", "E210", "the list is empty"),
            ("eval teacher on=[test, test]", "E216", "test is named twice"),
        ])
    }
}
