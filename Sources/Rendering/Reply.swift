/// What a statement answers: blocks to show, in order, and fields for expressions to read.
///
/// A reply is a value and knows no terminal; a `ReplyFormat` turns it into text.
public struct Reply: Sendable, Hashable {
    public enum Block: Sendable, Hashable {
        /// One or more lines of plain text.
        case note(String)
        case table(Table)
        case chart(Chart)
        case matrix(Matrix)
        case diagram(Diagram)
        /// Small pictures side by side.
        case pictures([Thumbnail])
    }

    public var blocks: [Block]
    public var fields: Fields

    public init(_ blocks: [Block] = [], fields: Fields = [:]) {
        self.blocks = blocks
        self.fields = fields
    }

    public static func note(_ text: String, fields: Fields = [:]) -> Reply { Reply([.note(text)], fields: fields) }
    public static func table(_ table: Table, fields: Fields = [:]) -> Reply { Reply([.table(table)], fields: fields) }

    public var isEmpty: Bool { blocks.isEmpty && fields.isEmpty }
}
