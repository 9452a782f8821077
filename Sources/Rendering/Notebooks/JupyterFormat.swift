/// Jupyter's notebooks, nbformat 4.5 (nbformat.readthedocs.io/en/latest/format_description.html).
///
/// An answer is kept three times: as plain text, as HTML, and with all digits as
/// `application/vnd.proclip.reply+json`.
struct JupyterFormat {
    func text(_ notebook: Notebook) -> String {
        JSONValue.object([
            ("cells", .array(cells(notebook))),
            (
                "metadata",
                .object([
                    (
                        "kernelspec",
                        .object([("display_name", .string("ProCLIP")), ("name", .string("proclip"))])
                    ),
                    ("language_info", .object([("file_extension", .string(".pcl")), ("name", .string("proclip"))])),
                    ("title", .string(notebook.title)),
                ])
            ),
            ("nbformat", .integer(4)), ("nbformat_minor", .integer(5)),
        ]).text
    }

    private func cells(_ notebook: Notebook) -> [JSONValue] {
        var cells: [JSONValue] = []
        for cell in notebook.cells {
            if let own = self.cell(cell, number: cells.count + 1) { cells.append(own) }
        }
        return cells
    }

    /// Nil for the mark of a cell that says nothing.
    private func cell(_ cell: Notebook.Cell, number: Int) -> JSONValue? {
        let id = ("id", JSONValue.string("cell-\(number)"))
        switch cell {
        case .prose, .mark:
            return cell.markdown.map { text in
                .object([
                    ("cell_type", .string("markdown")), id, ("metadata", .object([])), ("source", lines(text)),
                ])
            }
        case .code(let code):
            return .object([
                ("cell_type", .string("code")), ("execution_count", .integer(code.number)), id,
                ("metadata", .object([])), ("outputs", .array(code.output.isEmpty ? [] : [output(code)])),
                ("source", lines(code.text)),
            ])
        }
    }

    private func output(_ code: Notebook.Code) -> JSONValue {
        .object([
            (
                "data",
                .object([
                    ("application/vnd.proclip.reply+json", JSONFormat().value(code.output)),
                    ("text/html", lines(HTMLFormat().text(code.output))),
                    ("text/plain", lines(code.output.recorded)),
                ])
            ), ("execution_count", .integer(code.number)), ("metadata", .object([])),
            ("output_type", .string("execute_result")),
        ])
    }

    /// Each line with its line end, as Jupyter writes texts.
    private func lines(_ text: String) -> JSONValue {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return .array(
            lines.enumerated().map { .string($1 + ($0 == lines.count - 1 ? "" : "\n")) }.filter { line in
                if case .string("") = line { false } else { true }
            })
    }
}
