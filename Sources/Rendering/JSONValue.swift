/// A JSON document whose objects keep the order of their keys, so that equal replies give equal bytes.
public indirect enum JSONValue: Sendable {
    case null
    case boolean(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([(String, JSONValue)])

    public init(_ scalar: Scalar) {
        switch scalar {
        case .number(let value): self = .number(value)
        case .integer(let value): self = .integer(value)
        case .text(let value): self = .string(value)
        case .boolean(let value): self = .boolean(value)
        case .missing: self = .null
        }
    }

    /// The document on one line (RFC 8259). JSON has no word for non-finite numbers: they become the strings `"NaN"`,
    /// `"Infinity"` and `"-Infinity"`, which Python's `float` and JavaScript's `Number` read back.
    public var text: String {
        switch self {
        case .null: "null"
        case .boolean(let value): String(value)
        case .integer(let value): String(value)
        case .number(let value) where value.isNaN: "\"NaN\""
        case .number(let value) where value.isInfinite: value < 0 ? "\"-Infinity\"" : "\"Infinity\""
        case .number(let value): value.description
        case .string(let value): Self.quoted(value)
        case .array(let values): "[" + values.map(\.text).joined(separator: ",") + "]"
        case .object(let members):
            "{" + members.map { Self.quoted($0) + ":" + $1.text }.joined(separator: ",") + "}"
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
