/// The prose of a notebook as HTML: of Markdown (CommonMark 0.31) headings, paragraphs, lists, fences, code, emphasis and
/// links; the rest stays as it is written.
struct ProsePage {
    private var parts: [String] = []
    private var paragraph: [Substring] = []
    private var items: [String] = []
    private var fence: (ticks: Int, lines: [Substring])?

    /// The HTML of a passage.
    static func html(_ text: String) -> String {
        var page = ProsePage()
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) { page.read(line) }
        page.close()
        return page.parts.joined(separator: "\n")
    }

    private mutating func read(_ line: Substring) {
        let ticks = line.prefix { $0 == "`" }.count
        if let open = fence {
            fence = (open.ticks, open.lines + [line])
            if ticks >= open.ticks, ticks == line.count {
                fence = (open.ticks, open.lines)
                close()
            }
            return
        }
        let rest = line.drop { $0 == " " }
        let level = rest.prefix { $0 == "#" }.count
        if ticks >= 3 {
            close()
            fence = (ticks, [])
        } else if (1...6).contains(level), rest.dropFirst(level).first == " " {
            close()
            parts.append("<h\(level)>\(Self.inline(rest.dropFirst(level + 1)))</h\(level)>")
        } else if rest.hasPrefix("- ") || rest.hasPrefix("* ") {
            closeParagraph()
            items.append(Self.inline(rest.dropFirst(2)))
        } else if rest.isEmpty {
            close()
        } else if !items.isEmpty, line.first == " " {
            items[items.count - 1] += "\n" + Self.inline(rest)
        } else {
            closeItems()
            paragraph.append(line)
        }
    }

    private mutating func closeParagraph() {
        if !paragraph.isEmpty { parts.append("<p>\(Self.inline(Substring(paragraph.joined(separator: "\n"))))</p>") }
        paragraph = []
    }

    private mutating func closeItems() {
        if !items.isEmpty {
            parts.append("<ul>\n" + items.map { "<li>\($0)</li>" }.joined(separator: "\n") + "\n</ul>")
        }
        items = []
    }

    private mutating func close() {
        closeParagraph()
        closeItems()
        if let fence { parts.append("<pre>\(HTMLFormat.escaped(fence.lines.joined(separator: "\n")))</pre>") }
        fence = nil
    }

    /// Code spans first: nothing within them is marked up.
    private static func inline(_ text: Substring) -> String {
        let pieces = text.split(separator: "`", omittingEmptySubsequences: false)
        return pieces.enumerated().map { index, piece in
            if index % 2 == 0 { return emphasised(HTMLFormat.escaped(String(piece))) }
            let code = HTMLFormat.escaped(String(piece))
            return index == pieces.count - 1 ? "`" + code : "<code>\(code)</code>"
        }.joined()
    }

    private static func emphasised(_ text: String) -> String {
        text.replacing(/\[([^\]\n]+)\]\(([^)\s]+)\)/) { match in
            let isLink = ["http://", "https://", "./", "../", "#"].contains { match.output.2.hasPrefix($0) }
            return isLink ? "<a href=\"\(match.output.2)\">\(match.output.1)</a>" : String(match.output.0)
        }
        .replacing(/\*\*([^*\n]+)\*\*/) { "<strong>\($0.output.1)</strong>" }
        .replacing(/\*([^*\s][^*\n]*)\*/) { "<em>\($0.output.1)</em>" }
    }
}
