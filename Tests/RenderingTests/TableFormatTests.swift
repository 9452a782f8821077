import Rendering
import Testing

let sample = Reply(
    [
        .note("evaluated 2 models"),
        .table(
            Table(
                title: "retrieval",
                columns: ["model", Column("R@1", style: .percent(1)), "n", Column("note")],
                rows: [
                    ["clip", 0.12345, 1093, "plain | text"], ["ProCLIP", .number(.nan), 391, nil],
                ])),
    ], fields: ["recall@1": 0.12345, "n_images": 1093, "emoji.done": true, "name": "clip"])

@Suite struct TableFormatTests {
    @Test func drawsAFramedTable() {
        #expect(
            TableFormat().text(sample) == """
                evaluated 2 models
                retrieval
                ┌─────────┬──────┬──────┬──────────────┐
                │ model   │  R@1 │    n │ note         │
                ├─────────┼──────┼──────┼──────────────┤
                │ clip    │ 12.3 │ 1093 │ plain | text │
                │ ProCLIP │  nan │  391 │              │
                └─────────┴──────┴──────┴──────────────┘
                """)
    }

    @Test func drawsWithASCIIWhereAsked() {
        let table = Table(columns: ["a"], rows: [[1], [2]])
        #expect(
            TableFormat(isASCII: true).text(.table(table)) == """
                +---+
                | a |
                +---+
                | 1 |
                | 2 |
                +---+
                """)
    }

    @Test func countsWideCharactersAsTwoColumns() {
        let table = Table(
            columns: ["caption", "n"],
            rows: [["一只红苹果", 1], ["👩‍🚀 e\u{301}", 2], ["❤️", 3], ["naïve", 4], ["two\nlines", 5]])
        #expect(
            TableFormat().text(.table(table)) == """
                ┌────────────┬───┐
                │ caption    │ n │
                ├────────────┼───┤
                │ 一只红苹果 │ 1 │
                │ 👩‍🚀 e\u{301}       │ 2 │
                │ ❤️         │ 3 │
                │ naïve      │ 4 │
                │ two        │ 5 │
                │ lines      │   │
                └────────────┴───┘
                """)
    }

    @Test func wrapsTextColumnsToTheTerminal() {
        let table = Table(columns: ["text", "n"], rows: [["a long caption of a picture", 12], ["short", 3]])
        let text = TableFormat(width: 24).text(.table(table))
        #expect(
            text == """
                ┌─────────────────┬────┐
                │ text            │  n │
                ├─────────────────┼────┤
                │ a long caption  │ 12 │
                │ of a picture    │    │
                │ short           │  3 │
                └─────────────────┴────┘
                """)
        let narrow = TableFormat(width: 5).text(.table(table))
        #expect(narrow.contains("│ a long       │ 12 │"), "twelve columns stay, however narrow the terminal is")
    }

    @Test func listsWithoutFrames() {
        let table = Table(
            title: "options", columns: ["option", "type", "default", "meaning"],
            rows: [
                ["lr=", "number", "0.1", "peak learning rate"], ["a-very-long-name-of-an-option=", "", "", "none"],
            ], layout: .listing)
        #expect(
            TableFormat(width: 50).text(.table(table)) == """
                options
                  lr=                       peak learning rate
                                            (number; 0.1)
                  a-very-long-name-of-an-option=
                                            none
                """)
        let lines = TableFormat().text(
            .table(
                Table(
                    columns: ["a", "b"], rows: [["x", Scalar.text(String(repeating: "word ", count: 40))]],
                    layout: .listing)))
        #expect(lines.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }

    @Test func cutsTablesOfManyColumnsIntoParts() {
        let table = Table(columns: ["model", "R@1", "R@5", "R@10"], rows: [["clip", 0.1234, 0.2345, 0.3456]])
        #expect(
            TableFormat(width: 28).text(.table(table)) == """
                ┌───────┬────────┬────────┐
                │ model │    R@1 │    R@5 │
                ├───────┼────────┼────────┤
                │ clip  │ 0.1234 │ 0.2345 │
                └───────┴────────┴────────┘
                ┌───────┬────────┐
                │ model │   R@10 │
                ├───────┼────────┤
                │ clip  │ 0.3456 │
                └───────┴────────┘
                """)
    }

    @Test func wrapsNotesBetweenWords() {
        let reply = Reply.note("a sentence that is too long\n/a/path/that/is/not/broken")
        #expect(
            TableFormat(width: 16).text(reply) == "a sentence that\n  is too long\n/a/path/that/is/not/broken")
    }

    @Test(arguments: [
        ("", 3, [""]), ("abc", 3, ["abc"]), ("abc def", 3, ["abc", "def"]), ("abcdef", 3, ["abc", "def"]),
        ("日本語", 4, ["日本", "語"]), ("日", 1, ["日"]), ("    x", 3, ["", "x"]), ("a   b", 3, ["a", "b"]),
    ])
    func breaksWordsInCells(text: String, width: Int, lines: [String]) {
        #expect(text.wrapped(toWidth: width, breaksWords: true) == lines)
    }

    @Test func fillsShortRowsAndShowsEmptyTables() {
        #expect(Table(columns: ["a", "b"], rows: [[1]]).rows == [[1, nil]])
        #expect(
            TableFormat().text(.table(Table(columns: ["a", "b"], rows: []))) == """
                ┌───┬───┐
                │ a │ b │
                ├───┼───┤
                └───┴───┘
                """)
    }

    @Test func summarisesAChart() {
        let chart = Chart(
            title: "loss", xAxis: "step", lines: [.init(name: "L_info", x: [1, 2, 3, 4, 5], y: [4, 3, 2, 1, .nan])],
            isBrief: true)
        #expect(
            TableFormat().text(Reply([.chart(chart)])) == """
                loss
                ┌────────┬───────────┬───────┬──────┬───────┬──────────┐
                │ line   │ over step │ first │ last │ least │ greatest │
                ├────────┼───────────┼───────┼──────┼───────┼──────────┤
                │ L_info │ █▆▃▁×     │     4 │  nan │     1 │        4 │
                └────────┴───────────┴───────┴──────┴───────┴──────────┘
                """)
    }

    @Test func showsAMatrix() {
        let matrix = Matrix(
            title: "cosine", rowNames: ["a", "b"], columnNames: ["a", "b"], values: [[1, 0.25], [0.25, 1]],
            style: .fixed(2))
        #expect(
            TableFormat().text(Reply([.matrix(matrix)])) == """
                cosine
                ┌───┬──────┬──────┐
                │   │    a │    b │
                ├───┼──────┼──────┤
                │ a │ 1.00 │ 0.25 │
                │ b │ 0.25 │ 1.00 │
                └───┴──────┴──────┘
                """)
    }

    @Test(arguments: [
        (0.42134, "0.4213"), (12.345, "12.35"), (9999.9, "10000"), (123456, "123456"), (2e-5, "2e-05"), (0, "0"),
        (-1.5, "-1.5"), (1e20, "1e+20"), (.infinity, "inf"), (-.infinity, "-inf"),
    ])
    func roundsToFourSignificantDigits(value: Double, text: String) {
        #expect(NumberStyle.significant(4).text(value) == text)
    }

    @Test func roundsWithFixedDecimals() {
        #expect(NumberStyle.fixed(3).text(0.42) == "0.420")
        #expect(NumberStyle.percent(1).text(0.421) == "42.1")
        #expect(NumberStyle.fixed(2).text(.greatestFiniteMagnitude).count == 312)
    }
}
