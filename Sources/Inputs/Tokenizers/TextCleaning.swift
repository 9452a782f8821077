/// What open_clip does to texts before a tokenizer that is not its own sees them (`tokenizer_kwargs.clean`): typography is
/// repaired and HTML is decoded, as for CLIP, and words stand one space apart.
public enum TextCleaning: String, Sendable {
    case whitespace
    /// Small letters besides.
    case lower
    /// Small letters without ASCII's punctuation besides, where an underscore is a space: as SigLIP was trained.
    case canonicalize

    func callAsFunction(_ text: String) -> String {
        let repaired = CLIPTokenizer.repaired(Array(text.unicodeScalars))
        var cleaned = HTMLEntities.decoded(HTMLEntities.decoded(repaired))
        if self == .canonicalize {
            cleaned = cleaned.compactMap { $0 == "_" ? " " : Self.isPunctuation($0) ? nil : $0 }
        }
        if self != .whitespace { cleaned = TextNormaliser.lowercasedInContext(cleaned) }
        let words = cleaned.split(whereSeparator: Self.isSpace)
        return String(String.UnicodeScalarView(words.joined(separator: [" "])))
    }

    private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "!"..."/", ":"..."@", "["..."`", "{"..."~": true
        default: false
        }
    }

    /// As Python's `split` has it.
    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || (0x1c...0x1f).contains(scalar.value)
    }

    /// The same as far as steps of a `tokenizer.json` can do it: all but the repairs and HTML.
    var steps: [String] {
        let spaces = [#"{"type":"Replace","pattern":{"Regex":"\\s+"},"content":" "}"#]
        let ends = [#"{"type":"Strip","strip_left":true,"strip_right":true}"#]
        let small = [#"{"type":"Lowercase"}"#]
        return switch self {
        case .whitespace: spaces + ends
        case .lower: spaces + ends + small
        case .canonicalize:
            [
                #"{"type":"Replace","pattern":{"String":"_"},"content":" "}"#,
                #"{"type":"Replace","pattern":{"Regex":"[!-/:-@\\[-`{-~]"},"content":""}"#,
            ] + small + spaces + ends
        }
    }
}
