import Foundation
import Rendering
import Testing

@testable import Sessions

/// Two models on the same items, and the parts of one.
@Suite struct ItemComparisonTests {
    private func ranks(_ values: [Int?], set: String = "s") -> ItemRanks {
        ItemRanks(set: set, question: "zeroshot", items: values.indices.map { "item \($0)" }, ranks: values)
    }

    @Test func aRankThatFallsIsAWin() throws {
        let comparison = try #require(
            ItemComparison.all([ranks([0, 5, 3, 9, nil, 2])], [ranks([0, 2, 31, 0, 4, 2])]).first)
        #expect(comparison.better.map(\.item) == ["item 1", "item 3"] && comparison.worse.map(\.item) == ["item 2"])
        #expect(comparison.same == 2)
        let table = ItemComparison.table([comparison], most: 1, "a", "b")
        #expect(table.rows == [["zeroshot", "s", "item 3", 10, 1], ["zeroshot", "s", "item 2", 4, 32]])
    }

    /// 60 against 40: z = 19 / 10, two-sided.
    @Test func theSignTestCountsBothSides() throws {
        let before = [Int?](repeating: 5, count: 100)
        let after = (0..<100).map { Int?($0 < 60 ? 0 : 9) }
        let comparison = try #require(ItemComparison.all([ranks(before)], [ranks(after)]).first)
        #expect(abs(comparison.probability - 0.0574331) < 1e-6)
        #expect(ItemComparison.all([ranks(before)], [ranks(before)]).first?.probability == 1)
    }

    @Test func compareEndsWithTheItems() throws {
        let world = try TinyWorld()
        try world.requireNoErrors("\(MethodTests.start)\n\(MethodTests.pretrain) seed=5 as other")
        let reply = try #require(world.run("compare teacher other on=test as c").last).outcome.get()
        let tables = reply.blocks.compactMap { if case .table(let table) = $0 { table } else { nil } }
        #expect(
            tables.count == 4 && tables[0].rows.count == 2 && tables[1].rows.count == 2 && tables[2].rows.count == 3)
        #expect(tables[1].columns.map(\.name) == ["model", "metric", "difference", "low", "high", "p"])
        #expect(tables[2].columns.map(\.name) == ["model", "question", "better", "worse", "same", "p"])
        let recalls = try ["c.other.mean_recall", "c.teacher.mean_recall"].map { try #require(world.number($0)) }
        #expect(abs(try #require(world.number("c.other.mean_recall_difference")) - (recalls[0] - recalls[1])) < 1e-12)
        let counts = ["better", "worse", "same"].compactMap { world.number("c.other.image_retrieval_\($0)") }
        #expect(counts.count == 3 && counts.reduce(0, +) == 10)
        let short = try #require(world.run("compare teacher other on=test items=0").last).outcome.get()
        #expect(short.blocks.count == 4)
        let alone = try #require(world.run("compare teacher on=test").last).outcome.get()
        #expect(alone.blocks.count == 2)
    }

    @Test func embeddingsAreComparedOnWhatTheyShare() throws {
        let world = try TinyWorld()
        try world.requireNoErrors(
            """
            \(MethodTests.start)
            \(MethodTests.pretrain) seed=5 as other
            embed test with=teacher as a
            embed test with=other as b
            embed [x, y] with=teacher as few
            compare a a as same
            compare a b items=2 as c
            assert same.n == 10 and same.a.cka > 0.999 and c.a.neighbours@9 == 1 and c.b.cka < 1
            """)
        world.expectErrors([
            ("compare a few", "E216", "0 items in common"),
            ("compare a teacher on=test", "E216", "no number in common"),
            ("compare a b on=test", "E216", "on the items they have"),
            ("compare teacher other", "E205", "compare needs on="),
        ])
    }

    @Test func showDrawsTheParts() throws {
        let world = try TinyWorld()
        try world.requireNoErrors(
            """
            \(MethodTests.start)
            distill llm to=teacher data=train \(MethodTests.sizes) as s1
            save teacher ./t.h5
            load clip ./t.h5 as saved
            """)
        let clip = TableFormat().text(try #require(world.run("show saved").last).outcome.get())
        #expect(clip.contains("image tower, patches of 8") && clip.contains("│ projection, bridges 32 -> 16"))
        #expect(clip.contains("cosine x 1") && clip.contains("│ ./t.h5 ") && clip.contains("class token, quickGELU"))
        let model = TableFormat(isASCII: true).text(try #require(world.run("show s1").last).outcome.get())
        #expect(model.contains("| embedder tiny, frozen") && model.contains("bridges 12 -> 16"))
        #expect(model.contains("tiny, SHA-256 0") && model.contains("12 -> 16"))
    }
}
