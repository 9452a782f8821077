/// JSON of any form, for files of which only a part is understood, and for those that are written for others.
public enum JSONTree: Codable, Equatable, Sendable {
    case null
    case boolean(Bool)
    case number(Double)
    case text(String)
    case array([JSONTree])
    case object([String: JSONTree])

    public init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let boolean = try? value.decode(Bool.self) {
            self = .boolean(boolean)
        } else if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let array = try? value.decode([JSONTree].self) {
            self = .array(array)
        } else {
            self = .object(try value.decode([String: JSONTree].self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .boolean(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }

    public subscript(key: String) -> JSONTree? {
        if case .object(let entries) = self { entries[key] } else { nil }
    }

    public var text: String? { if case .text(let text) = self { text } else { nil } }
    public var boolean: Bool? { if case .boolean(let boolean) = self { boolean } else { nil } }
    public var array: [JSONTree]? { if case .array(let array) = self { array } else { nil } }
    public var object: [String: JSONTree]? { if case .object(let object) = self { object } else { nil } }
    public var number: Double? { if case .number(let number) = self { number } else { nil } }
    /// A whole number.
    public var integer: Int? { number.flatMap { Int(exactly: $0) } }
}

extension JSONTree: ExpressibleByBooleanLiteral, ExpressibleByStringLiteral, ExpressibleByDictionaryLiteral,
    ExpressibleByArrayLiteral, ExpressibleByIntegerLiteral
{
    public init(booleanLiteral value: Bool) { self = .boolean(value) }
    public init(stringLiteral value: String) { self = .text(value) }
    public init(integerLiteral value: Int) { self = .number(Double(value)) }
    public init(arrayLiteral elements: JSONTree...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSONTree)...) {
        self = .object(Dictionary(elements, uniquingKeysWith: { $1 }))
    }

    public init(_ value: Int) { self = .number(Double(value)) }
    /// The shortest decimal number that stands for a single-precision one.
    public init(_ value: Float) { self = .number(Double("\(value)") ?? Double(value)) }
    public init(_ values: [Float]) { self = .array(values.map { JSONTree($0) }) }
}
