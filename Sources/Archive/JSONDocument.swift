public import Foundation

/// A JSON file (RFC 8259) as its bytes say it: strings that Swift takes for equal stay apart, and large files are quick.
///
/// What is in the file is a list of nodes in the order of the text; a value is a place in it. So nothing nests, and
/// memory is bounded by the size of the file.
public final class JSONDocument: Sendable {
    enum Kind: UInt8, Sendable { case null, no, yes, number, text, escapedText, array, object }

    /// What a value is, where it stands in the bytes (a text without its quotes), and which node follows it.
    struct Node: Sendable {
        let kind: Kind
        let start: UInt32
        var end: UInt32
        var next: UInt32
    }

    public let path: String
    let bytes: [UInt8]
    let nodes: [Node]

    /// Throws `ArchiveError` for a file that is missing, too large, no UTF-8, or no JSON.
    public convenience init(_ path: String, expected: String) throws {
        try self.init(Array(JSONFile.bytes(path)), path: path, expected: expected)
    }

    /// - `path`: what the bytes are called in errors.
    public init(_ bytes: [UInt8], path: String, expected: String) throws {
        var scanner = JSONScanner(bytes)
        guard UInt32(exactly: bytes.count) != nil, String(validating: bytes, as: UTF8.self) != nil,
            let nodes = scanner.scan()
        else { throw ArchiveError.foreign(path, expected: expected) }
        (self.path, self.bytes, self.nodes) = (path, bytes, nodes)
    }

    /// The file's bytes.
    public var written: Data { Data(bytes) }

    public var root: JSONNode { JSONNode(document: self, index: 0) }

    /// The file with another value of one of the root's keys, made from the text of the object or null that it has there;
    /// as it is where it has no such value.
    public func replacing(_ key: String, by value: (String) -> String) -> Data {
        guard let entries = root.entries else { return Data(bytes) }
        for entry in entries where entry.bytes?.elementsEqual(key.utf8) == true {
            let node = nodes[entry.valueOfKey.index]
            guard node.kind == .object || node.kind == .null else { continue }
            let range = Int(node.start)..<Int(node.end)
            let text = value(String(decoding: bytes[range], as: UTF8.self))
            return Data(bytes[..<range.lowerBound]) + Data(text.utf8) + Data(bytes[range.upperBound...])
        }
        return Data(bytes)
    }
}

/// A value in a `JSONDocument`.
public struct JSONNode: Sendable {
    public let document: JSONDocument
    let index: Int

    private var node: JSONDocument.Node { document.nodes[index] }
    private var written: ArraySlice<UInt8> { document.bytes[Int(node.start)..<Int(node.end)] }

    public var isNull: Bool { node.kind == .null }
    public var boolean: Bool? { node.kind == .yes ? true : node.kind == .no ? false : nil }
    public var number: Double? { node.kind == .number ? Double(String(decoding: written, as: UTF8.self)) : nil }
    /// A number as Rust's serde_json reads it, which may err in the last binary digit: sums of it tie as they do there.
    public var hastyNumber: Double? { node.kind == .number ? JSONScanner.hastyNumber(written) : nil }
    /// A whole number.
    public var integer: Int? { node.kind == .number ? Int(String(decoding: written, as: UTF8.self)) : nil }
    public var text: String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

    /// A text's bytes, without escapes.
    public var bytes: [UInt8]? {
        switch node.kind {
        case .text: Array(written)
        case .escapedText: JSONScanner.unescaped(written)
        default: nil
        }
    }

    /// An array's elements.
    public var elements: Elements? { node.kind == .array ? Elements(parent: self, step: 1) : nil }
    /// An object's keys, each followed by its value at the next place.
    public var entries: Elements? { node.kind == .object ? Elements(parent: self, step: 2) : nil }
    /// The value of a key that `entries` gave.
    public var valueOfKey: JSONNode { JSONNode(document: document, index: Int(node.next)) }

    /// An object's entry, the last of that name; nil for null too.
    public subscript(key: String) -> JSONNode? {
        var found: JSONNode?
        for entry in entries ?? Elements(parent: self, step: 0) where entry.bytes?.elementsEqual(key.utf8) == true {
            found = entry.valueOfKey
        }
        return found.flatMap { $0.isNull ? nil : $0 }
    }

    /// The elements of an array, or every other node of an object.
    public struct Elements: Sequence, IteratorProtocol {
        private let document: JSONDocument
        private let step: Int
        private var position: Int
        private let end: Int

        fileprivate init(parent: JSONNode, step: Int) {
            (document, self.step) = (parent.document, step)
            position = parent.index + 1
            end = step == 0 ? 0 : Int(parent.node.next)
        }

        public mutating func next() -> JSONNode? {
            guard position < end else { return nil }
            defer { for _ in 0..<step { position = Int(document.nodes[position].next) } }
            return JSONNode(document: document, index: position)
        }
    }
}
