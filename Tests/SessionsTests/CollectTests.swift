import Foundation
import Testing

@testable import Sessions

/// Results of several runs, gathered and judged together.
@Suite struct CollectTests {
    private func world() throws -> TinyWorld {
        let world = try TinyWorld()
        try world.requireNoErrors(
            """
            \(MethodTests.start)
            for seed in 1..3
              tune llm tower=teacher data=train lambda=0 seed=$seed \(MethodTests.sizes) as cold
              tune llm tower=teacher data=train train=adapter lambda=0 seed=$seed \(MethodTests.sizes) as lit
              compare teacher cold lit on=test as c
              collect c run=$seed as main
              collect cold run=$seed as cost
              for lambda in [0, 0.5]
                tune llm tower=teacher data=train lambda=$lambda seed=$seed \(MethodTests.sizes) as m
                eval m on=test as r
                collect r run=$seed row=$lambda as sweep
              end
            end
            """)
        return world
    }

    @Test func runsBecomeOneTable() throws {
        let world = try world()
        try world.requireNoErrors("compare main reference=cold metrics=[mean_recall, even.acc1, cka] as table")
        #expect(world.number("table.n_runs") == 3)
        let c = try #require(world.number("c.lit.mean_recall"))
        #expect(try #require(world.number("table.teacher.mean_recall_deviation")) < 1e-9 && c >= 0)
        // The towers that were not touched see as the teacher does.
        #expect(try #require(world.number("table.lit.cka")) > 0.9999)
        let probability = try #require(world.number("table.lit.cka_p"))
        #expect(probability == 0.25)
        let low = try #require(world.number("table.lit.mean_recall_difference_low"))
        let high = try #require(world.number("table.lit.mean_recall_difference_high"))
        let difference = try #require(world.number("table.lit.mean_recall_difference"))
        #expect(low <= difference && difference <= high)
    }

    @Test func theMeanIsThatOfTheRuns() throws {
        let world = try world()
        let content = try #require(world.session.bindings["main"]?.handle.content as? CollectionContent)
        #expect(content.runs == ["1", "2", "3"] && content.rows == ["teacher", "cold", "lit"])
        let values = content.entries.filter { $0.row.name == "cold" }.compactMap { entry -> Double? in
            if case .number(let value)? = entry.row.fields["mean_recall"] { value } else { nil }
        }
        try world.requireNoErrors("compare main as table")
        let mean = try #require(world.number("table.cold.mean_recall"))
        #expect(values.count == 3 && abs(mean - values.reduce(0, +) / 3) < 1e-12)
    }

    @Test func aSweepEndsInACurve() throws {
        let world = try world()
        let results = world.run("compare sweep reference=0 metrics=mean_recall as curve\nsave curve ./curve.svg")
        #expect(results.exitStatus == .ok, "\(results)")
        let reply = try #require(world.session.bindings["curve"]?.handle.content as? ResultContent).reply
        let charts = reply.blocks.compactMap { if case .chart(let chart) = $0 { chart } else { nil } }
        #expect(charts.first?.lines.first?.x == [0, 0.5] && charts.first?.style == .line)
        #expect(FileManager.default.fileExists(atPath: world.folder + "/curve.svg"))
    }

    /// Data-scale curves: two methods at the same sizes in one drawing, tested at each of them.
    @Test func collectionsOverTheSameRowsAreCurvesInOneDrawing() throws {
        let world = try world()
        try world.requireNoErrors(
            """
            for seed in 1..3
              for size in [10, 20]
                load pairs ./tiny.h5 split=train limit=$size as some
                tune llm tower=teacher data=some lambda=0 seed=$seed \(MethodTests.sizes) as m
                eval m on=test as r
                collect r run=$seed row=$size as cold_by_size
                tune llm tower=teacher data=some lambda=0 train=adapter seed=$seed \(MethodTests.sizes) as m
                eval m on=test as r
                collect r run=$seed row=$size as lit_by_size
              end
            end
            compare cold_by_size lit_by_size metrics=[mean_recall, image_retrieval_recall@5] as curves
            compare cold_by_size metrics=mean_recall as cold
            save curves ./curves.svg
            """)
        let reply = try #require(world.session.bindings["curves"]?.handle.content as? ResultContent).reply
        let charts = reply.blocks.compactMap { if case .chart(let chart) = $0 { chart } else { nil } }
        #expect(charts.map(\.title) == ["mean_recall", "image_retrieval_recall@5"])
        #expect(charts.first?.lines.map(\.name) == ["cold_by_size", "lit_by_size"])
        #expect(charts.first?.lines.allSatisfy { $0.x == [10, 20] } == true && charts.first?.style == .line)
        for size in [10, 20] {
            let cold = try #require(world.number("curves.cold_by_size.\(size).mean_recall"))
            let lit = try #require(world.number("curves.lit_by_size.\(size).mean_recall"))
            #expect(world.number("cold.\(size).mean_recall") == cold)
            let difference = try #require(world.number("curves.lit_by_size.\(size).mean_recall_difference"))
            #expect(abs(difference - (lit - cold)) < 1e-12)
            // Three runs have eight patterns of signs.
            let probability = try #require(world.number("curves.lit_by_size.\(size).mean_recall_p"))
            #expect([0.25, 0.5, 0.75, 1].contains(probability))
        }
        world.expectErrors([
            ("compare cold_by_size teacher", "E216", "a collection is compared by itself or with others"),
            ("compare cold_by_size r", "E209", "\"r\" is no collection"),
            ("compare cold_by_size lit_by_size reference=lit", "E211", "there is no collection \"lit\""),
        ])
    }

    /// Benchmarks and languages are runs with names: one table, a row each.
    @Test func aSingleNumberIsShownByRun() throws {
        let world = try world()
        try world.requireNoErrors(
            """
            for lang in [en, de, fr]
              load pairs ./tiny.h5 split=test lang=$lang as pool
              compare teacher lit on=pool tasks=retrieval as c
              collect c run=$lang as languages
            end
            compare languages metrics=mean_recall as table
            """)
        let reply = try #require(world.session.bindings["table"]?.handle.content as? ResultContent).reply
        let tables = reply.blocks.compactMap { if case .table(let table) = $0 { table } else { nil } }
        #expect(tables.last?.columns.map(\.name) == ["run", "teacher", "lit"])
        #expect(tables.last?.rows.map { $0[0] } == ["en", "de", "fr"])
        let charts = reply.blocks.compactMap { if case .chart(let chart) = $0 { chart } else { nil } }
        #expect(charts.first?.names == ["en", "de", "fr"] && charts.first?.lines.count == 2)
    }

    /// Benchmarks of which some count accuracy and some the mean of the classes have one mean.
    @Test func oneNumberIsTakenUnderAnotherName() throws {
        let world = try world()
        try world.requireNoErrors(
            """
            eval lit on=test task=zeroshot classes=colour as r
            collect r run=a metric=acc1 named=top1 as benchmarks
            collect r run=b metric=mean_per_class_recall named=top1 as benchmarks
            compare benchmarks metrics=top1 as table
            """)
        let (a, b) = (try #require(world.number("r.acc1")), try #require(world.number("r.mean_per_class_recall")))
        #expect(abs(try #require(world.number("table.lit.top1")) - (a + b) / 2) < 1e-12)
        world.expectErrors([
            ("collect r run=a metric=acc11 as benchmarks", "E211", "did you mean: acc1?"),
            ("collect r run=a named=top1 as benchmarks", "E216", "named= needs metric="),
        ])
    }

    /// `clip_benchmark`'s records, as its `cli.py` writes them.
    @Test func resultsAreWrittenAsCLIPBenchmarkHasThem() throws {
        let world = try world()
        try world.requireNoErrors(
            """
            compare teacher lit on=test tasks=[retrieval, zeroshot] classes=colour as both
            save both ./r.jsonl
            """)
        let lines = try String(contentsOfFile: world.folder + "/r.jsonl", encoding: .utf8).split(separator: "\n")
        // Two models, two sets, two tasks.
        #expect(lines.count == 8)
        let first = try #require(try JSONSerialization.jsonObject(with: Data(lines[0].utf8)) as? [String: Any])
        #expect(Set(first.keys) == ["dataset", "model", "pretrained", "task", "metrics", "language"])
        #expect(first["task"] as? String == "zeroshot_retrieval" && first["language"] as? String == "en")
        let metrics = try #require(first["metrics"] as? [String: Double])
        let recall = try #require(world.number("both.teacher.even.image_retrieval_recall@5"))
        #expect(metrics.count == 6 && metrics["image_retrieval_recall@5"] == recall)
        let second = try #require(try JSONSerialization.jsonObject(with: Data(lines[1].utf8)) as? [String: Any])
        #expect(Set((second["metrics"] as? [String: Double] ?? [:]).keys) == ["acc1", "acc5", "mean_per_class_recall"])
        world.expectErrors([("compare main as t; save t ./t.jsonl", "E216", "CLIP_benchmark has none of its numbers")])
    }

    @Test func aRunIsCountedOnce() throws {
        let world = try world()
        try world.requireNoErrors(
            """
            collect c run=3 as main
            collect c of=lit run=3 row=0.5 as one
            compare cost metrics=[steps, seconds] as table
            """)
        let content = try #require(world.session.bindings["main"]?.handle.content as? CollectionContent)
        #expect(content.entries.count == 9)
        #expect(world.number("table.cold.steps") == 8 && (world.number("table.cold.seconds") ?? 0) > 0)
    }

    @Test func whatCannotBeCollectedIsSaid() throws {
        let world = try world()
        world.expectErrors([
            ("collect c run=1", "E205", "it is not said what to add to"),
            ("collect c run=1 as teacher", "E216", "is something else than a collection"),
            ("collect c run=1 row=x as main", "E216", "has 3 rows with names of their own"),
            ("collect c of=m run=1 as main", "E211", "has no model \"m\""),
            ("compare main on=test", "E216", "a collection is compared by itself or with others"),
            ("compare c", "E209", "is no collection"),
            ("compare main reference=llm2clip", "E211", "there is no row \"llm2clip\""),
            ("compare main metrics=mean_recal", "E211", "did you mean: mean_recall?"),
        ])
    }
}
