/// How many terminal columns a text takes: two for wide characters and emoji, none for combining marks.
public enum DisplayWidth {
    public static func of(_ text: String) -> Int {
        text.reduce(0) { $0 + of($1) }
    }

    public static func of(_ character: Character) -> Int {
        if character.unicodeScalars.contains("\u{fe0f}") { return 2 }
        return character.unicodeScalars.reduce(0) { max($0, of($1)) }
    }

    private static func of(_ scalar: Unicode.Scalar) -> Int {
        if scalar.value < 0x7f { return scalar.value < 0x20 ? 0 : 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return 0
        default: return scalar.properties.isEmojiPresentation || isWide(scalar) ? 2 : 1
        }
    }

    /// The blocks of East Asian wide and fullwidth characters (Unicode Standard Annex 11).
    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1100...0x115f, 0x2e80...0x303e, 0x3041...0x33ff, 0x3400...0x4dbf, 0x4e00...0x9fff, 0xa000...0xa4cf,
            0xa960...0xa97f, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f, 0xff01...0xff60, 0xffe0...0xffe6,
            0x16fe0...0x18dff, 0x1aff0...0x1b2ff, 0x20000...0x3fffd:
            true
        default: false
        }
    }

    /// The text with tabs as one space and control characters as a visible sign.
    static func printable(_ text: String) -> String {
        String(
            text.map { character in
                guard let scalar = character.unicodeScalars.first else { return character }
                if character == "\t" { return " " }
                return scalar.value < 32 || (127..<160).contains(scalar.value) ? "\u{fffd}" : character
            })
    }

    /// The first columns, with an ellipsis where the rest was cut.
    public static func clipped(_ text: String, toFirst width: Int) -> String {
        of(text) <= width ? text : beginning(of: text, columns: width - 1) + "…"
    }

    /// The last columns, with an ellipsis where the rest was cut.
    static func clipped(_ text: String, toLast width: Int) -> String {
        of(text) <= width ? text : "…" + beginning(of: text.reversed(), columns: width - 1).reversed()
    }

    private static func beginning(of text: some Sequence<Character>, columns: Int) -> String {
        var used = 0
        return String(
            text.prefix { character in
                used += of(character)
                return used <= columns
            })
    }
}
