import Rendering
import Testing

@testable import Sessions

/// `canary=`, `stop=drop:` and what is drawn of them, on forty small squares.
@Suite struct CanaryCommandTests {
    private static let start = MethodTests.start + "\ndistill llm to=teacher data=train \(MethodTests.sizes) as s1\n"

    @Test func readingsAreFieldsAndCurves() throws {
        let world = try TinyWorld()
        let results = world.run(
            """
            \(Self.start)
            tune s1 data=train \(MethodTests.steps) canary=test as proclip
            tune llm tower=teacher data=train lambda=0 \(MethodTests.sizes) canary=test as llm2clip
            tune s1 data=train \(MethodTests.steps) as plain
            eval proclip on=test task=[retrieval, zeroshot] as r
            plot canary proclip
            plot canary proclip llm2clip metric=cka
            plot parts proclip
            assert proclip.canary.acc1 == r.acc1
            """)
        try #require(results.exitStatus == .ok, "\(results.last.map { "\($0.outcome)" } ?? "")")
        let charts = results.map { result in
            result.blocks.compactMap { if case .chart(let chart) = $0 { chart } else { nil } }
        }
        let (own, several, parts) = (charts[8][0], charts[9][0], charts[10][0])
        #expect(own.lines.map(\.name) == ["acc1", "mean_recall", "cka"])
        // Thirty squares in batches of eight: four steps an epoch, two epochs.
        #expect(own.lines.allSatisfy { $0.x == [0, 4, 8] })
        #expect(own.lines[2].y[0] > 0.9999 && own.lines[2].y[2] < 1)
        #expect(several.lines.map(\.name) == ["proclip cka", "llm2clip cka"])
        // The top of the pile is the loss.
        let content = try #require(world.session.bindings["proclip"]?.handle.content as? ModelContent)
        let top = try #require(parts.piles.last)
        #expect(parts.lines.map(\.name) == ["info", "ins", "struct"])
        for (sum, record) in zip(top.y, content.history) { #expect(abs(sum - Double(record.loss)) < 1e-4) }
        // Watching changes nothing that is learnt.
        let plain = try #require(world.session.bindings["plain"]?.handle.content as? ModelContent)
        #expect(try plain.identity.hash == content.identity.hash)
    }

    @Test func aDropPausesAndResumeGoesOn() throws {
        let world = try TinyWorld()
        try world.requireNoErrors(
            Self.start
                + "tune s1 data=train preset=pico batch=8 epochs=6 tower_lr=0.05 warmup=0 canary=test stop=drop:1% as m"
        )
        let paused = try #require(world.session.bindings["m"]?.handle.content as? ModelContent)
        try #require(paused.isPaused && paused.history.count % 4 == 0)
        #expect(paused.training?.readings.forgotten.map { $0.share > 0.01 } == true)
        try world.requireNoErrors("resume m")
        let whole = try #require(world.session.bindings["m"]?.handle.content as? ModelContent)
        #expect(whole.history.count == 24 && whole.training?.readings.count == 7)
        #expect(
            whole.training?.readings.prefix(paused.training?.readings.count ?? 0).elementsEqual(
                paused.training?.readings ?? []) == true)
    }

    @Test func mistakesAreTold() throws {
        let world = try TinyWorld()
        try world.requireNoErrors(Self.start)
        world.expectErrors([
            ("tune s1 data=train stop=drop:10%", "E205", "stop=drop needs canary="),
            ("tune s1 data=train canary=test stop=drop:150%", "E210", "names no share between 0 and 1"),
            ("tune s1 data=train stop=soon", "E204", "neither"),
            ("tune s1 data=train canary=s1", "E209", "of kind model"),
            ("align llm data=train canary=test", "E203", "unknown option"),
            ("plot canary s1", "E216", "train with canary=DATA"),
            ("plot parts teacher2", "E202", "no"),
        ])
    }
}
