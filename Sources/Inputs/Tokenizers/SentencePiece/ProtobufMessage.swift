/// The fields of a message in protocol buffers' wire format, in their order. Unknown fields are kept, groups refused.
///
/// Source: the encoding guide of protocol buffers.
struct ProtobufMessage {
    enum Value {
        case varint(UInt64)
        case fixed32(UInt32)
        case fixed64(UInt64)
        /// A text, bytes, or a message within.
        case bytes(ArraySlice<UInt8>)

        var bytes: ArraySlice<UInt8>? { if case .bytes(let bytes) = self { bytes } else { nil } }
        var integer: Int? { if case .varint(let value) = self { Int(truncatingIfNeeded: value) } else { nil } }
        var float: Float? { if case .fixed32(let bits) = self { Float(bitPattern: bits) } else { nil } }
        var boolean: Bool? { integer.map { $0 != 0 } }
    }

    private(set) var fields: [(number: Int, value: Value)] = []

    /// nil for bytes that are no message.
    init?(_ bytes: ArraySlice<UInt8>) {
        var rest = bytes
        while !rest.isEmpty {
            guard let key = Self.varint(&rest), let number = Int(exactly: key >> 3), number > 0,
                let value = Self.value(ofType: key & 7, &rest)
            else { return nil }
            fields.append((number, value))
        }
    }

    /// A field that occurs once; of several the last counts.
    subscript(number: Int) -> Value? { fields.last { $0.number == number }?.value }

    private static func value(ofType type: UInt64, _ rest: inout ArraySlice<UInt8>) -> Value? {
        switch type {
        case 0: return varint(&rest).map(Value.varint)
        case 1: return fixed(8, &rest).map(Value.fixed64)
        case 2:
            guard let count = varint(&rest).flatMap({ Int(exactly: $0) }), count <= rest.count else { return nil }
            defer { rest = rest.dropFirst(count) }
            return .bytes(rest.prefix(count))
        case 5: return fixed(4, &rest).map { .fixed32(UInt32(truncatingIfNeeded: $0)) }
        default: return nil
        }
    }

    private static func varint(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard let byte = rest.popFirst() else { return nil }
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
        }
        return nil
    }

    private static func fixed(_ count: Int, _ rest: inout ArraySlice<UInt8>) -> UInt64? {
        guard rest.count >= count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
