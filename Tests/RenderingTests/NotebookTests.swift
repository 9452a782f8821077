import Foundation
import Testing

@testable import Rendering

/// What files keep of a session, and how kept outputs are compared.
@Suite struct NotebookTests {
    private let notebook = Notebook(
        title: "a <session>",
        cells: [
            .prose("About\n\nit"), .code(Notebook.Code(number: 1, text: "let x=1", output: Reply())),
            .code(
                Notebook.Code(
                    number: 2, text: "eval m",
                    output: Reply([.note("```"), .table(Table(columns: ["a"], rows: [[0.5]]))]))),
        ])

    /// Expected HTML after CommonMark's reference implementation, but for white space.
    @Test(arguments: [
        ("# A *b*\ntext\nmore", "<h1>A <em>b</em></h1>\n<p>text\nmore</p>"),
        (
            "a **b** `c*d*<` [e](https://f.org/?a=1&b=2)",
            "<p>a <strong>b</strong> <code>c*d*&lt;</code> <a href=\"https://f.org/?a=1&amp;b=2\">e</a></p>"
        ),
        ("- one\n  goes on\n- two\n\nend", "<ul>\n<li>one\ngoes on</li>\n<li>two</li>\n</ul>\n<p>end</p>"),
        ("```\n# <no> *heading*\n```", "<pre># &lt;no&gt; *heading*</pre>"), ("2 * 3 * 4 `", "<p>2 * 3 * 4 `</p>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"), ("#none", "<p>#none</p>"), ("", ""),
        ("<script>", "<p>&lt;script&gt;</p>"), ("````\nopen ```", "<pre>open ```</pre>"),
    ])
    func proseOfPages(text: String, html: String) {
        #expect(ProsePage.html(text) == html)
    }

    @Test func plain() {
        #expect(
            NotebookFormat.pcl.document(notebook)
                == """
                # About
                #
                # it

                let x=1

                eval m
                #> ```
                #> ┌─────┐
                #> │   a │
                #> ├─────┤
                #> │ 0.5 │
                #> └─────┘

                """)
    }

    @Test func markdown() {
        #expect(
            NotebookFormat.md.document(notebook)
                == """
                About

                it

                ```proclip
                let x=1
                eval m
                ```

                ````output
                ```
                ┌─────┐
                │   a │
                ├─────┤
                │ 0.5 │
                └─────┘
                ````

                """)
    }

    /// A cell's title is a heading where cells have none; a mark without one is nothing there.
    @Test func marksOfCells() throws {
        let marks = Notebook(title: "", cells: [.mark(title: "One", text: "why"), .mark(title: "", text: "")])
        #expect(NotebookFormat.pcl.document(marks) == "# %% One\n# why\n\n# %%\n")
        #expect(NotebookFormat.md.document(marks) == "## One\n\nwhy\n")
        #expect(NotebookFormat.ipynb.document(marks).contains("\"source\":[\"## One\\n\",\"\\n\",\"why\"]"))
        #expect(NotebookFormat.html.document(marks).hasSuffix("<h2>One</h2>\n<p>why</p>\n"))
    }

    @Test func jupyter() throws {
        let data = Data(NotebookFormat.ipynb.document(notebook).utf8)
        let file = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(file["nbformat"] as? Int == 4)
        #expect(file["nbformat_minor"] as? Int == 5)
        let cells = try #require(file["cells"] as? [[String: Any]])
        #expect(cells.map { $0["cell_type"] as? String } == ["markdown", "code", "code"])
        #expect(cells[0]["source"] as? [String] == ["About\n", "\n", "it"])
        let outputs = try #require(cells[2]["outputs"] as? [[String: Any]])
        #expect(outputs.map { $0["output_type"] as? String } == ["execute_result"])
    }

    @Test func pageNeedsNoOtherFile() {
        let page = NotebookFormat.html.document(notebook)
        #expect(page.contains("<title>a &lt;session&gt;</title>"))
        #expect(!page.contains("src=\"http") && !page.contains("href="))
    }

    @Test(arguments: [
        // Decimals: a thousandth of their size, or a unit of the last digit.
        ("mR 0.1078", "mR 0.1079"), ("loss 1234.5678", "loss 1235.2"), ("1e-05", "2e-05"), ("-0.5", "-0.5001"),
        ("x nan", "x nan"), ("2.00", "2"),
        // Frames, drawings and spaces do not count.
        ("│ a   │ 1.5 │", "| a | 1.5 |".replacing("|", with: "│")), ("▁▂█ 3.25", "█▁ 3.25"), ("a\n\nb", "a\nb"),
    ])
    func agrees(kept: String, fresh: String) {
        #expect(OutputComparison().differences(kept: kept, fresh: fresh) == [])
    }

    @Test(arguments: [
        ("mR 0.1078", "mR 0.1088"), ("399 texts", "400 texts"), ("recall@5 1.5", "recall@10 1.5"), ("B16", "B32"),
        ("one", "two"), ("a 1", "a 1 b"), ("0.5", "nan"),
    ])
    func differs(kept: String, fresh: String) {
        #expect(OutputComparison().differences(kept: kept, fresh: fresh) == ["- " + kept, "+ " + fresh])
    }

    @Test func withOtherParametersTheFormOfTablesIsCompared() {
        let comparison = OutputComparison(onlyForms: true)
        let kept = "loss 3\n│ model │ mR │\n│ teacher │ 17.5 │\n│ s1 │ 18 0.1-0.2 │"
        func differences(_ fresh: String) -> [String] { comparison.differences(kept: kept, fresh: fresh) }
        #expect(differences("loss 5 falls\n│ model │ mR │\n│ teacher │ 9 │\n│ s1 │ 1e-05 3-4 │") == [])
        #expect(
            differences("│ model │ acc1 │\n│ teacher │ 1 │\n│ s1 │ 2 1-2 │") == [
                "- │ model │ mR │", "+ │ model │ acc1 │",
            ])
        // A row that is missing, one in another place, and a number that is none.
        #expect(differences("│ model │ mR │\n│ teacher │ 9 │") == ["- │ s1 │ 18 0.1-0.2 │"])
        #expect(differences("│ model │ mR │\n│ s1 │ 1 1-2 │\n│ teacher │ 9 │").count == 2)
        #expect(differences("│ model │ mR │\n│ teacher │ nan │\n│ s1 │ 2 1-2 │").count == 2)
    }

    @Test func onlyLinesThatDifferAreShown() {
        let differences = OutputComparison(tolerance: 0.1).differences(
            kept: "a\nb 1.00\nc\nd 4", fresh: "a\nb 1.05\nd 5\ne")
        #expect(differences == ["- c", "- d 4", "+ d 5", "+ e"])
    }
}
