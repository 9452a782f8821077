/// Text with variables in it: a string or a path before its `$k` are known.
public struct Template: Equatable, Sendable {
    public enum Part: Equatable, Sendable {
        case text(String)
        case variable(String, Span)
    }

    public var parts: [Part]

    public init(_ parts: [Part] = []) {
        self.parts = parts
    }

    /// The text itself when it holds no variable.
    public var literal: String? {
        var text = ""
        for part in parts {
            guard case .text(let piece) = part else { return nil }
            text += piece
        }
        return text
    }
}
