/// A way to write replies. A format is a plug-in: adding one touches nothing but `OutputFormat`.
public protocol ReplyFormat: Sendable {
    /// The text of a reply without a final line end; empty where there is nothing to show.
    func text(_ reply: Reply) -> String
}

/// The formats that `--format` names.
public enum OutputFormat: String, Sendable, CaseIterable {
    case table, md, csv, json, html

    /// Those that files are written in, named by their ending.
    public static let fileFormats: [OutputFormat] = [.html, .md, .csv, .json]

    /// A reply as a file.
    public func document(_ reply: Reply) -> String {
        (self == .html ? HTMLFormat.head() : "") + format().text(reply) + "\n"
    }

    /// - Parameters:
    ///   - width: columns of the terminal, for tables to fit in; nil off a terminal.
    ///   - isASCII: draw table frames with ASCII, for terminals without UTF-8.
    ///   - graphics: how the terminal shows pictures; nil where it does not.
    ///   - colours: how many there are to tell lines apart.
    public func format(
        width: Int? = nil, isASCII: Bool = false, graphics: TerminalGraphics? = nil, colours: ColourDepth = .none
    ) -> any ReplyFormat {
        switch self {
        case .table: TableFormat(width: width, isASCII: isASCII, graphics: graphics, colours: colours)
        case .md: MarkdownFormat()
        case .csv: CSVFormat()
        case .json: JSONFormat()
        case .html: HTMLFormat()
        }
    }
}
