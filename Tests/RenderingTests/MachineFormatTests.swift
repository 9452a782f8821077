import Rendering
import Testing

@Suite struct MachineFormatTests {
    @Test func writesMarkdown() {
        #expect(
            MarkdownFormat().text(sample) == """
                evaluated 2 models

                **retrieval**

                | model | R@1 | n | note |
                | --- | ---: | ---: | --- |
                | clip | 12.3 | 1093 | plain \\| text |
                | ProCLIP | nan | 391 |  |
                """)
    }

    @Test func writesCSVInFullPrecision() {
        #expect(
            CSVFormat().text(sample) == """
                model,R@1,n,note
                clip,0.12345,1093,plain | text
                ProCLIP,nan,391,
                """)
        let awkward = Table(columns: ["a,b"], rows: [["say \"hi\""], ["two\nlines"], [true], [nil]])
        #expect(CSVFormat().text(.table(awkward)) == "\"a,b\"\n\"say \"\"hi\"\"\"\n\"two\nlines\"\ntrue\n")
        #expect(CSVFormat().text(.note("one, two\nthree")) == "\"one, two\"\nthree")
    }

    @Test func writesJSONInOneLine() {
        #expect(
            JSONFormat().text(sample) == """
                {"fields":{"recall@1":0.12345,"n_images":1093,"emoji.done":true,"name":"clip"},\
                "blocks":[{"note":"evaluated 2 models"},{"table":{"title":"retrieval",\
                "columns":["model","R@1","n","note"],\
                "rows":[["clip",0.12345,1093,"plain | text"],["ProCLIP","NaN",391,null]]}}]}
                """)
        #expect(JSONFormat().text(Reply()) == #"{"fields":{},"blocks":[]}"#)
    }

    @Test func writesChartsAndMatricesAsData() {
        let chart = Chart(title: "l", xAxis: "step", lines: [.init(name: "a", x: [1], y: [.infinity])])
        let matrix = Matrix(title: "m", rowNames: ["r"], columnNames: ["c"], values: [[0.5]])
        let reply = Reply([.chart(chart), .matrix(matrix)])
        #expect(
            JSONFormat().text(reply) == """
                {"fields":{},"blocks":[{"chart":{"title":"l","style":"line","x":"step","y":"","names":[],\
                "lines":[{"name":"a","x":[1.0],"y":["Infinity"]}]}},\
                {"matrix":{"title":"m","rows":["r"],"columns":["c"],"values":[[0.5]]}}]}
                """)
        #expect(CSVFormat().text(reply) == "step,a\n1.0,inf\n\n,c\nr,0.5")
    }

    @Test func escapesJSONStrings() {
        #expect(JSONValue.string("a\"\\\n\t\u{1}é\u{7F}").text == "\"a\\\"\\\\\\n\\t\\u0001é\\u007f\"")
    }

    @Test func keepsFieldsInOrder() {
        var fields: Fields = ["b": 1, "a": 2]
        fields["c"] = 3
        fields["b"] = 4
        fields["a"] = nil
        fields.append(["acc1": 0.5], under: "emoji")
        #expect(fields.map(\.0) == ["b", "c", "emoji.acc1"])
        #expect(fields["b"] == 4)
        #expect(fields["none"] == nil)
    }

    @Test(arguments: OutputFormat.allCases)
    func everyFormatAcceptsAnEmptyReply(format: OutputFormat) {
        #expect(format.format().text(Reply()) == (format == .json ? #"{"fields":{},"blocks":[]}"# : ""))
    }
}
