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

    /// A drawing with each reading, all of them kept over a pause, and the last one what plot draws of the model.
    @Test func heatMapsAreDrawnWithTheReadings() throws {
        final class Seen { var sentences: [String] = [], drawings: [Reply] = [] }
        let (world, seen) = (try TinyWorld(), Seen())
        world.session.watch = {
            seen.sentences.append($0); seen.drawings.append($1)
        }
        let results = world.run(
            """
            \(Self.start)
            tune s1 data=train \(MethodTests.steps) canary=test watch=pictures stop=5 as m
            resume m
            plot watch m as w
            plot distances m on=test of=pictures
            plot watch m n=2
            save w ./w.svg
            """)
        try #require(results.exitStatus == .ok, "\(results.last.map { "\($0.outcome)" } ?? "")")
        let told = seen.sentences.map { String($0.prefix { $0 != ":" }) }
        #expect(told == [0, 4, 8].map { "m, canary after \($0) steps" } && seen.drawings.count == 3)
        let maps = results.map { result in
            result.blocks.compactMap { if case .matrix(let matrix) = $0 { matrix } else { nil } }
        }
        let (resumed, all, plotted, two) = (maps[5], maps[6], maps[7][0], maps[8])
        #expect(all.map(\.title) == [0, 4, 8].map { "m after \($0) steps: distances between pictures" })
        #expect(resumed == [all[0], all[2]] && two == resumed)
        #expect(Set(all.map(\.range)).count == 1 && all.allSatisfy { $0.values.count == 10 })
        // Kept in single precision.
        for (row, other) in zip(all[2].values, plotted.values) {
            for (value, wanted) in zip(row, other) { #expect(abs(value - wanted) < 1e-5) }
        }
        #expect(all[0].values != all[2].values)
        let svg = try String(contentsOfFile: world.folder + "/w.svg", encoding: .utf8)
        #expect(all.allSatisfy { svg.contains($0.title) })
    }

    @Test func mistakesAreTold() throws {
        let world = try TinyWorld()
        try world.requireNoErrors(Self.start)
        world.expectErrors([
            ("tune s1 data=train stop=drop:10%", "E205", "stop=drop needs canary="),
            ("tune s1 data=train canary=test stop=drop:150%", "E210", "names no share between 0 and 1"),
            ("tune s1 data=train stop=soon", "E204", "neither"),
            ("tune s1 data=train canary=s1", "E209", "of kind model"),
            ("tune s1 data=train watch=sim", "E205", "watch needs canary="),
            ("tune s1 data=train canary=test watch=simm", "E211", "did you mean: sim"),
            ("align llm data=train canary=test watch=sim", "E203", "unknown option \"watch\""),
            ("plot watch s1", "E216", "no heat map of it was kept"),
            ("plot canary s1", "E216", "train with canary=DATA"),
            ("plot parts teacher2", "E202", "no"),
        ])
    }
}
