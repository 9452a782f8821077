internal import Foundation
internal import Language

/// What is read of a notebook; the rest of nbformat 4 says how it looks.
private struct JupyterNotebook: Decodable {
    struct Cell: Decodable {
        let cell_type: String
        let source: Lines
        let outputs: [Output]?
    }

    struct Output: Decodable {
        let data: [String: Lines?]?
        /// Of streams.
        let text: Lines?

        var plain: String? { (data?["text/plain"] ?? nil)?.text ?? text?.text }
    }

    /// A text, whole or in lines with their line ends; nothing where it is neither, as JSON within an output.
    struct Lines: Decodable {
        let text: String?

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            text = (try? container.decode(String.self)) ?? (try? container.decode([String].self))?.joined()
        }
    }

    let nbformat: Int
    let cells: [Cell]
}

extension JupyterFormat {
    /// A notebook as a literate recipe: its cells of code as fences of statements, with the plain text of what they
    /// answered behind them. Nil for what is no notebook of nbformat 4.
    static func recipe(_ text: String) -> String? {
        guard let notebook = try? JSONDecoder().decode(JupyterNotebook.self, from: Data(text.utf8)),
            notebook.nbformat == 4
        else { return nil }
        let parts = notebook.cells.flatMap { cell -> [String] in
            let source = cell.source.text ?? ""
            guard cell.cell_type == "code" else { return [source] }
            let outputs = (cell.outputs ?? []).compactMap(\.plain).joined(separator: "\n")
            return [Notebook.fence(Source.statementFence, source)]
                + (outputs.isEmpty ? [] : [Notebook.fence(Source.outputFence, outputs)])
        }
        return parts.joined(separator: "\n\n") + "\n"
    }
}

extension NotebookFormat {
    /// The literate recipe that a file in this format is, given its text; nil where it is none.
    public func recipe(_ text: String) -> String? {
        switch self {
        case .pcl, .html: nil
        case .md: text
        case .ipynb: JupyterFormat.recipe(text)
        }
    }
}
