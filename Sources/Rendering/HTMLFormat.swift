internal import Foundation

/// A part of a page a reply; `head` begins the page, whose ends HTML lets one leave out. Pictures are within the page.
public struct HTMLFormat: ReplyFormat {
    public init() {}

    /// What stands before the first reply.
    public static func head(title: String = "proclip") -> String {
        """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <title>\(escaped(title))</title>
        <style>
        body { font: 15px/1.4 system-ui, sans-serif; margin: 2em auto; max-width: 70em; padding: 0 1em }
        table { border-collapse: collapse; margin: 1em 0; display: block; overflow-x: auto }
        caption { text-align: left; font-weight: bold; padding: .3em 0 }
        th, td { border-bottom: 1px solid #ccc; padding: .2em .7em; text-align: left }
        .number { text-align: right; font-variant-numeric: tabular-nums }
        pre { white-space: pre-wrap; line-height: 1.15 }
        pre.diagram { white-space: pre; overflow-x: auto }
        svg { max-width: 100%; height: auto }
        .pictures { display: flex; flex-wrap: wrap; gap: 1em }
        figure { margin: 0; width: 9em; font-size: 85%; overflow-wrap: anywhere }
        figure img { max-width: 100%; display: block }
        .code { background: #f4f4f4; padding: .5em }
        .code .number { color: #666 }
        code { background: #f4f4f4; padding: 0 .2em }
        .output { padding-left: 1em; border-left: 3px solid #ccc }
        </style>

        """
    }

    public func text(_ reply: Reply) -> String {
        reply.blocks.map { block in
            switch block {
            case .note(let text): "<pre>\(Self.escaped(text))</pre>"
            case .table(let table): self.text(table)
            case .chart(let chart): chart.drawing.svg
            case .matrix(let matrix): matrix.drawing.svg + (matrix.isSmall ? "\n" + self.text(matrix.table) : "")
            case .diagram(let diagram): "<pre class=\"diagram\">\(Self.escaped(diagram.text()))</pre>"
            case .pictures(let thumbnails):
                "<div class=\"pictures\">\n" + thumbnails.map(figure).joined(separator: "\n") + "\n</div>"
            }
        }.joined(separator: "\n")
    }

    private func text(_ table: Table) -> String {
        let classes = table.columns.indices.map {
            table.alignment(ofColumn: $0) == .trailing ? " class=\"number\"" : ""
        }
        func row(_ cells: [String], _ tag: String) -> String {
            "<tr>" + zip(cells, classes).map { "<\(tag)\($1)>\(Self.escaped($0))</\(tag)>" }.joined() + "</tr>"
        }
        let title = table.title.map { "<caption>\(Self.escaped($0))</caption>\n" } ?? ""
        let rows = [row(table.columns.map(\.name), "th")] + table.cells().map { row($0, "td") }
        return "<table>\n" + title + rows.joined(separator: "\n") + "\n</table>"
    }

    private func figure(_ thumbnail: Thumbnail) -> String {
        let data = Data(thumbnail.jpeg).base64EncodedString()
        let image =
            "<img src=\"data:image/jpeg;base64,\(data)\" width=\"\(thumbnail.width)\" height=\"\(thumbnail.height)\" "
            + "alt=\"\(Self.escaped(thumbnail.path ?? thumbnail.caption))\">"
        return "<figure>\(image)<figcaption>\(Self.escaped(thumbnail.caption))</figcaption></figure>"
    }

    static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.append(character)
            }
        }
    }
}
