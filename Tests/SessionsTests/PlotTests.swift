import Foundation
import Rendering
import Testing

@testable import Sessions

/// What `plot` draws, on forty small squares.
@Suite struct PlotTests {
    private func chart(_ results: [StatementResult], _ index: Int) -> Chart? {
        if case .chart(let chart)? = results[index].blocks.first { chart } else { nil }
    }

    @Test func everyKindIsDrawn() throws {
        let world = try TinyWorld()
        try world.requireNoErrors("\(MethodTests.start)\n\(MethodTests.pretrain) seed=1 as other")
        try world.requireNoErrors("compare teacher other on=test as c; eval llm on=test languages=[de, fr] as l")
        let results = world.run(
            """
            plot loss teacher other
            plot sim teacher on=test n=4 as s
            plot dist teacher on=test as d
            plot cka teacher other on=test as k
            plot map teacher other on=test n=5 as m
            plot languages l
            plot forget c
            assert k.teacher.teacher > 0.999 and k.teacher.other < 0.999
            assert m.variance.1 >= m.variance.2 and m.variance.1 <= 1
            """)
        try #require(results.exitStatus == .ok, "\(results.last.map { "\($0.outcome)" } ?? "")")
        #expect(chart(results, 0)?.lines.map(\.name) == ["teacher loss", "other loss"])
        guard case .matrix(let matrix)? = results[1].blocks.first, case .matrix(let cka)? = results[3].blocks.first
        else {
            Issue.record("no heat maps")
            return
        }
        #expect(matrix.values.count == 4 && matrix.values.allSatisfy { $0.count == 4 })
        #expect(cka.rowNames == ["teacher", "other"])
        let distribution = try #require(chart(results, 2))
        #expect(distribution.lines.map(\.name) == ["pairs", "strangers"])
        #expect(distribution.lines.allSatisfy { abs($0.y.reduce(0, +) - 1) < 1e-9 })
        // Before and after side by side, in one projection and with the same axes.
        let maps = results[4].blocks.compactMap { if case .chart(let chart) = $0 { chart } else { nil } }
        #expect(maps.map(\.title) == ["teacher", "other"].map { "\($0): principal components of teacher" })
        #expect(maps.allSatisfy { $0.lines.map(\.name) == ["pictures", "captions"] })
        #expect(maps.flatMap(\.lines).allSatisfy { $0.x.count == 5 })
        #expect(maps.first?.alsoHolds == maps.last?.alsoHolds && maps.first?.alsoHolds.count == 4)
        #expect(chart(results, 5)?.names == ["de", "fr"])
        #expect(chart(results, 6)?.lines.map(\.name) == ["other"])
        #expect(chart(results, 6)?.names == ["all", "even", "odd"])
    }

    @Test func twoEmbeddingsAreDrawnAgainstEachOther() throws {
        let world = try TinyWorld()
        try world.requireNoErrors(
            """
            \(MethodTests.start)
            embed ["a red square", "a green one"] with=teacher as words
            embed test with=teacher of=image as pictures
            embed test with=llm as others
            """)
        let results = world.run("plot sim words pictures n=3 as s\nplot sim words")
        guard case .matrix(let matrix)? = results.first?.blocks.first,
            case .matrix(let own)? = results.last?.blocks.first
        else {
            Issue.record("no heat maps")
            return
        }
        #expect(matrix.values.map(\.count) == [3, 3] && matrix.rowNames == ["1 a red square", "2 a green one"])
        #expect(matrix.values.flatMap { $0 }.allSatisfy { abs($0) <= 1.001 })
        #expect(own.values.indices.allSatisfy { abs(own.values[$0][$0] - 1) < 1e-5 })
        world.expectErrors([
            ("plot sim words others", "E216", "different spaces"), ("plot sim words teacher", "E209", "a clip"),
            ("plot sim words pictures others", "E206", "at most 2 handles"),
        ])
    }

    /// The cosine of a vector of zeros is none.
    @Test func whatIsNotFiniteIsLeftOut() {
        let reply = Histogram(
            title: "t", axis: "x", groups: [("a", [1, .nan, 3, .infinity]), ("b", [.nan])], bins: 2
        ).reply
        guard case .chart(let chart)? = reply.blocks.first else {
            Issue.record("no chart")
            return
        }
        #expect(chart.lines.map(\.y) == [[0.5, 0.5], [0, 0]] && reply.fields["a.mean"] == .number(2))
        let none = Histogram(title: "t", axis: "x", groups: [("a", [.nan])], bins: 2).reply
        #expect(none.blocks == [.note("t: nothing to draw")])
    }

    @Test func whatCannotBeDrawnIsSaid() throws {
        let world = try TinyWorld()
        try world.requireNoErrors("\(MethodTests.start)\neval teacher on=test as r")
        world.expectErrors([
            ("plot lose teacher", "E211", "did you mean: loss"),
            ("plot loss llm", "E216", "nothing was trained here"),
            ("plot map teacher", "E205", "plot map needs on="),
            ("plot sim teacher teacher on=test", "E206", "at most 1 handle"),
            ("plot hist teacher", "E209", "plot hist draws embeddings"),
            ("plot loss teacher on=test", "E203", "plot loss has no option \"on\""),
            ("plot languages r", "E216", "no languages"), ("plot forget r", "E216", "compares no models"),
            ("save r ./r.png", "E216", "nothing drawn"),
        ])
    }
}
