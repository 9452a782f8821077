/// How many terminal columns a text takes.
enum DisplayWidth {
    static func of(_ text: String) -> Int {
        text.reduce(0) { $0 + of($1) }
    }

    static func of(_ character: Character) -> Int {
        guard let scalar = character.unicodeScalars.first else { return 0 }
        if scalar.properties.generalCategory == .nonspacingMark { return 0 }
        return isWide(scalar) ? 2 : 1
    }

    /// East Asian wide and fullwidth characters and emoji (Unicode Standard Annex 11).
    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1100...0x115f, 0x2e80...0x303e, 0x3041...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f,
            0xff00...0xff60, 0xffe0...0xffe6, 0x1f300...0x1f64f, 0x1f680...0x1f6ff, 0x1f900...0x1f9ff,
            0x20000...0x3fffd:
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
    static func clipped(_ text: String, toFirst width: Int) -> String {
        of(text) <= width ? text : String(text.prefix(width - 1)) + "…"
    }

    /// The last columns, with an ellipsis where the rest was cut.
    static func clipped(_ text: String, toLast width: Int) -> String {
        of(text) <= width ? text : "…" + String(text.suffix(width - 1))
    }
}
