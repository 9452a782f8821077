import Rendering
import Testing

@Suite struct DiagramTests {
    private let reply = Reply([
        .diagram(
            Diagram(
                columns: [
                    [.init(["picture"], output: "8 x 8"), .init(["tower", "2 blocks"], output: "16")],
                    [.init(["text"], output: "16")],
                ], joint: "cosine x 14"))
    ])

    @Test func boxesFlowIntoACommonLine() {
        #expect(
            TableFormat().text(reply) == """
                ┌────────────────┐   ┌──────────┐
                │ picture        │   │ text     │
                └────────┬───────┘   └─────┬────┘
                         │ 8 x 8           │ 16
                ┌────────────────┐         │
                │ tower          │         │
                │ 2 blocks       │         │
                └────────┬───────┘         │
                         │ 16              │
                         └────────┬────────┘
                             cosine x 14
                """)
        #expect(MarkdownFormat().text(reply).hasPrefix("```\n┌───"))
        #expect(HTMLFormat().text(reply).hasPrefix("<pre class=\"diagram\">┌───"))
        #expect(CSVFormat().text(reply).isEmpty)
    }

    @Test func aTerminalWithoutUTF8GetsASCII() {
        let text = TableFormat(isASCII: true).text(reply)
        #expect(text.utf8.allSatisfy { $0 < 128 })
        #expect(text.contains("+--------+-------+") && text.hasSuffix("+--------+--------+\n             cosine x 14"))
    }

    @Test func jsonKeepsTheStructure() {
        #expect(
            JSONFormat().text(reply).contains(
                #"{"diagram":{"columns":[[{"lines":["picture"],"output":"8 x 8"}"#))
    }
}
