public import Foundation

/// An entry of a GGUF file's metadata.
public enum GGUFValue: Sendable {
    case integer(Int)
    case number(Double)
    case boolean(Bool)
    case text(String)
    case integers([Int32])
    case numbers([Float])
    /// Strings as their bytes, in the file's order: pieces of a vocabulary need not be whole characters.
    case texts([Data])
    /// An array whose elements are of no use here.
    case other

    public var integer: Int? { if case .integer(let value) = self { value } else { nil } }
    public var boolean: Bool? { if case .boolean(let value) = self { value } else { nil } }
    public var text: String? { if case .text(let value) = self { value } else { nil } }
    public var integers: [Int32]? { if case .integers(let values) = self { values } else { nil } }
    public var numbers: [Float]? { if case .numbers(let values) = self { values } else { nil } }
    public var texts: [Data]? { if case .texts(let values) = self { values } else { nil } }
    public var number: Double? {
        switch self {
        case .number(let value): value
        case .integer(let value): Double(value)
        default: nil
        }
    }
}

/// Reads a GGUF file's header from the front; every step is checked against the end of the file.
struct GGUFCursor {
    let bytes: UnsafeRawBufferPointer
    let path: String
    /// What keeps `bytes` readable.
    let owner: AnyObject
    var position = 0

    init(bytes: UnsafeRawBufferPointer, path: String, owner: AnyObject) {
        (self.bytes, self.path, self.owner) = (bytes, path, owner)
    }

    mutating func number<Number: BitwiseCopyable>(_ type: Number.Type) throws -> Number {
        let size = MemoryLayout<Number>.size
        guard bytes.count - position >= size else { throw ArchiveError.truncated(path) }
        defer { position += size }
        return bytes.loadUnaligned(fromByteOffset: position, as: type)
    }

    /// A count of things that take at least `size` bytes each: what remains of the file bounds it.
    mutating func count(ofAtLeast size: Int) throws -> Int {
        let count = try number(UInt64.self)
        guard count <= UInt64((bytes.count - position) / size) else { throw ArchiveError.truncated(path) }
        return Int(count)
    }

    mutating func data() throws -> Data {
        let length = try count(ofAtLeast: 1)
        defer { position += length }
        return Data(bytes[position..<position + length])
    }

    mutating func text() throws -> String {
        let data = try data()
        guard let text = String(validating: data, as: UTF8.self) else {
            throw ArchiveError.unreadable(path, reason: "a name in it is no UTF-8")
        }
        return text
    }

    mutating func value() throws -> GGUFValue {
        let type = try number(UInt32.self)
        if type == 9 { return try array() }
        if type == 8 { return .text(String(decoding: try data(), as: UTF8.self)) }
        switch type {
        case 6: return .number(Double(try number(Float.self)))
        case 12: return .number(try number(Double.self))
        case 7: return .boolean(try number(UInt8.self) != 0)
        default: return .integer(try integer(type))
        }
    }

    private mutating func integer(_ type: UInt32) throws -> Int {
        switch type {
        case 0: Int(try number(UInt8.self))
        case 1: Int(try number(Int8.self))
        case 2: Int(try number(UInt16.self))
        case 3: Int(try number(Int16.self))
        case 4: Int(try number(UInt32.self))
        case 5: Int(try number(Int32.self))
        case 10: Int(clamping: try number(UInt64.self))
        case 11: Int(try number(Int64.self))
        default: throw ArchiveError.unreadable(path, reason: "an entry of its metadata has the unknown type \(type)")
        }
    }

    private mutating func array() throws -> GGUFValue {
        let type = try number(UInt32.self)
        switch type {
        case 8:
            let count = try count(ofAtLeast: 8)
            return .texts(try (0..<count).map { _ in try data() })
        case 6:
            let count = try count(ofAtLeast: 4)
            return .numbers(try (0..<count).map { _ in try number(Float.self) })
        case 4, 5:
            let count = try count(ofAtLeast: 4)
            return .integers(try (0..<count).map { _ in try number(Int32.self) })
        default:
            let sizes: [UInt32: Int] = [0: 1, 1: 1, 2: 2, 3: 2, 7: 1, 10: 8, 11: 8, 12: 8]
            guard let size = sizes[type] else {
                throw ArchiveError.unreadable(path, reason: "an array of its metadata has the unknown type \(type)")
            }
            let count = try count(ofAtLeast: size)
            position += count * size
            return .other
        }
    }
}
