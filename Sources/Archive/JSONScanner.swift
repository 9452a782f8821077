internal import Foundation

/// Reads JSON strictly into the nodes of a `JSONDocument`.
struct JSONScanner {
    private let bytes: [UInt8]
    private var position = 0
    private var nodes: [JSONDocument.Node] = []

    /// Containers within containers; no tokenizer or configuration comes near it.
    private static let deepest = 100

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// nil for what is no JSON.
    mutating func scan() -> [JSONDocument.Node]? {
        nodes.reserveCapacity(bytes.count / 12)
        guard value() else { return nil }
        space()
        return position == bytes.count ? nodes : nil
    }

    /// One value and all that it holds. Containers that are open are a list, not calls: nesting costs no stack.
    private mutating func value() -> Bool {
        var open: [Int] = []
        repeat {
            if let parent = open.last, nodes[parent].kind == .object {
                guard key() else { return false }
            }
            space()
            guard position < bytes.count else { return false }
            if let opened = container() {
                open.append(opened)
                guard open.count <= Self.deepest else { return false }
                space()
                guard position < bytes.count else { return false }
                if bytes[position] != closing(of: opened) { continue }
                position += 1
                close(open.removeLast())
            } else {
                guard scalar() else { return false }
            }
            while let parent = open.last {
                space()
                guard position < bytes.count else { return false }
                position += 1
                if bytes[position - 1] == UInt8(ascii: ",") { break }
                guard bytes[position - 1] == closing(of: parent) else { return false }
                close(open.removeLast())
            }
        } while !open.isEmpty
        return true
    }

    private func closing(of node: Int) -> UInt8 { UInt8(ascii: nodes[node].kind == .array ? "]" : "}") }

    private mutating func close(_ node: Int) {
        nodes[node].end = UInt32(position)
        nodes[node].next = UInt32(nodes.count)
    }

    private mutating func append(_ kind: JSONDocument.Kind, _ start: Int, _ end: Int) {
        nodes.append(.init(kind: kind, start: UInt32(start), end: UInt32(end), next: UInt32(nodes.count + 1)))
    }

    private mutating func container() -> Int? {
        let kind: JSONDocument.Kind
        switch bytes[position] {
        case UInt8(ascii: "["): kind = .array
        case UInt8(ascii: "{"): kind = .object
        default: return nil
        }
        append(kind, position, position)
        position += 1
        return nodes.count - 1
    }

    private mutating func key() -> Bool {
        space()
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\""), text() else { return false }
        space()
        guard position < bytes.count, bytes[position] == UInt8(ascii: ":") else { return false }
        position += 1
        return true
    }

    private mutating func scalar() -> Bool {
        switch bytes[position] {
        case UInt8(ascii: "\""): text()
        case UInt8(ascii: "n"): word("null", .null)
        case UInt8(ascii: "t"): word("true", .yes)
        case UInt8(ascii: "f"): word("false", .no)
        default: number()
        }
    }

    private mutating func word(_ word: StaticString, _ kind: JSONDocument.Kind) -> Bool {
        let end = position + word.utf8CodeUnitCount
        guard end <= bytes.count,
            bytes[position..<end].elementsEqual(UnsafeBufferPointer(start: word.utf8Start, count: end - position))
        else { return false }
        append(kind, position, end)
        position = end
        return true
    }

    private mutating func number() -> Bool {
        let start = position
        func digits(_ place: inout Int) -> Int {
            let first = place
            while place < bytes.count, (0x30...0x39).contains(bytes[place]) { place += 1 }
            return place - first
        }
        var end = start
        func has(_ characters: Set<UInt8>) -> Bool { end < bytes.count && characters.contains(bytes[end]) }
        if has([UInt8(ascii: "-")]) { end += 1 }
        let first = end
        let whole = digits(&end)
        guard whole > 0, whole == 1 || bytes[first] != UInt8(ascii: "0") else { return false }
        if has([UInt8(ascii: ".")]) {
            end += 1
            guard digits(&end) > 0 else { return false }
        }
        if has([UInt8(ascii: "e"), UInt8(ascii: "E")]) {
            end += 1
            if has([UInt8(ascii: "+"), UInt8(ascii: "-")]) { end += 1 }
            guard digits(&end) > 0 else { return false }
        }
        append(.number, start, end)
        position = end
        return true
    }

    private mutating func text() -> Bool {
        let start = position + 1
        var end = start
        var isEscaped = false
        while end < bytes.count, bytes[end] != UInt8(ascii: "\"") {
            guard bytes[end] >= 0x20 else { return false }
            if bytes[end] == UInt8(ascii: "\\") {
                isEscaped = true
                end += 1
            }
            end += 1
        }
        guard end < bytes.count, !isEscaped || Self.unescaped(bytes[start..<end]) != nil else { return false }
        append(isEscaped ? .escapedText : .text, start, end)
        position = end + 1
        return true
    }

    private mutating func space() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0a, 0x0d, 0x09: position += 1
            default: return
            }
        }
    }

    /// The digits as one whole number, as far as 64 bits go, times or divided by a power of ten.
    static func hastyNumber(_ written: ArraySlice<UInt8>) -> Double {
        var significand: UInt64 = 0
        var (exponent, isFraction, isFull) = (0, false, false)
        var rest = written[...]
        while let byte = rest.popFirst(), byte | 0x20 != UInt8(ascii: "e") {
            if byte == UInt8(ascii: ".") { isFraction = true }
            guard (0x30...0x39).contains(byte) else { continue }
            let (product, overflow) = significand.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(byte - 0x30))
            isFull = isFull || overflow || carry
            if !isFull { significand = sum }
            if isFraction != isFull { exponent += isFull ? 1 : -1 }
        }
        exponent += min(max(Int(String(decoding: rest, as: UTF8.self)) ?? 0, -9999), 9999)
        let power = pow(10, Double(min(abs(exponent), 308)))
        let size = exponent < 0 ? Double(significand) / power : Double(significand) * power
        return written.first == UInt8(ascii: "-") ? -size : size
    }

    /// nil for an escape that JSON does not have, or half a surrogate pair.
    static func unescaped(_ written: ArraySlice<UInt8>) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(written.count)
        var place = written.startIndex
        func unit(at place: Int) -> UInt16? {
            guard place + 4 <= written.endIndex else { return nil }
            let digits = written[place..<place + 4]
            guard digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit && $0 < 0x80 }) else { return nil }
            return UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
        }
        while place < written.endIndex {
            guard written[place] == UInt8(ascii: "\\") else {
                result.append(written[place])
                place += 1
                continue
            }
            guard place + 1 < written.endIndex else { return nil }
            place += 2
            switch written[place - 1] {
            case UInt8(ascii: "n"): result.append(0x0a)
            case UInt8(ascii: "t"): result.append(0x09)
            case UInt8(ascii: "r"): result.append(0x0d)
            case UInt8(ascii: "b"): result.append(0x08)
            case UInt8(ascii: "f"): result.append(0x0c)
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(written[place - 1])
            case UInt8(ascii: "u"):
                guard let first = unit(at: place) else { return nil }
                place += 4
                var units = [first]
                if UTF16.isLeadSurrogate(first), written[place...].starts(with: Array("\\u".utf8)),
                    let second = unit(at: place + 2)
                {
                    units.append(second)
                    place += 6
                }
                guard let text = String(validating: units, as: UTF16.self) else { return nil }
                result += Array(text.utf8)
            default: return nil
            }
        }
        return result
    }
}
