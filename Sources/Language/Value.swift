/// What a term means once variables and expressions are known.
public indirect enum Value: Equatable, Sendable {
    case number(Double)
    case boolean(Bool)
    case string(String)
    /// A bare word: a handle, a choice or a model's name, as the slot that receives it says.
    case word(String)
    case path(String)
    case list([Value])
    /// Known only when the recipe runs: a field of a result that does not exist yet.
    case unknown

    /// What kind of value it is, in words.
    public var kindName: String {
        switch self {
        case .number: "a number"
        case .boolean: "a boolean"
        case .string: "a text"
        case .word: "a word"
        case .path: "a path"
        case .list: "a list"
        case .unknown: "a value known only later"
        }
    }

    /// The value as a term that evaluates to it; a range is a list by then.
    public var form: Term.Form {
        switch self {
        case .number(let number): .number(number)
        case .boolean(let boolean): .boolean(boolean)
        case .string(let text): .string(Template([.text(text)]))
        case .word(let word): .word(word)
        case .path(let path): .path(Template([.text(path)]))
        case .list(let items): .list(items.map { Term($0.form, Span(0, 0)) })
        case .unknown: .word("?")
        }
    }

    /// The characters of a text, a word or a path.
    public var text: String? {
        switch self {
        case .string(let text), .word(let text), .path(let text): text
        default: nil
        }
    }

    /// As it appears inside an interpolated string.
    public var interpolated: String {
        switch self {
        case .number(let number): Value.format(number)
        case .boolean(let boolean): boolean ? "true" : "false"
        case .string(let text), .word(let text), .path(let text): text
        case .list(let items): "[" + items.map(\.interpolated).joined(separator: ", ") + "]"
        case .unknown: "?"
        }
    }

    /// The shortest text that reads back as the same number; whole numbers without a point.
    public static func format(_ number: Double) -> String {
        number == number.rounded() && abs(number) < 1e15 ? String(Int64(number)) : "\(number)"
    }
}
