/// A forward scan over XML: start tags, end tags and text, as ranges of the bytes. It checks no schema and resolves no
/// external entity; whoever reads data with it skips what it does not know.
struct MarkupScanner {
    enum Token {
        /// A start tag; `isEmpty` where it closes itself.
        case start(name: Range<Int>, attributes: Range<Int>, isEmpty: Bool)
        case end(name: Range<Int>)
        case text(Range<Int>)
    }

    let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func next() -> Token? {
        while position < bytes.count {
            if bytes[position] != UInt8(ascii: "<") {
                let start = position
                position = find("<", from: start) ?? bytes.count
                return .text(start..<position)
            }
            if starts(with: "<!--") {
                position = skip(past: "-->", from: position + 4)
            } else if starts(with: "<![CDATA[") {
                let start = position + 9
                position = skip(past: "]]>", from: start)
                return .text(start..<max(start, position - 3))
            } else if starts(with: "<!") || starts(with: "<?") {
                position = skip(past: ">", from: position)
            } else {
                return tag()
            }
        }
        return nil
    }

    /// Whether the bytes of the range spell the name, whatever its namespace prefix.
    func matches(_ name: Range<Int>, _ local: StaticString) -> Bool {
        let count = local.utf8CodeUnitCount
        guard name.count >= count else { return false }
        let start = name.upperBound - count
        guard start == name.lowerBound || bytes[start - 1] == UInt8(ascii: ":") else { return false }
        return (0..<count).allSatisfy { bytes[start + $0] == local.utf8Start[$0] }
    }

    /// The value of an attribute in a start tag's attribute range, with entities decoded; nil where it is absent.
    func attribute(_ name: StaticString, in attributes: Range<Int>) -> [UInt8]? {
        var index = attributes.lowerBound
        while index < attributes.upperBound {
            guard let equals = find("=", from: index), equals < attributes.upperBound else { return nil }
            var start = index
            while start < equals, bytes[start] <= 0x20 { start += 1 }
            var end = equals
            while end > start, bytes[end - 1] <= 0x20 { end -= 1 }
            var quote = equals + 1
            while quote < attributes.upperBound, bytes[quote] <= 0x20 { quote += 1 }
            guard quote < attributes.upperBound else { return nil }
            var close = quote + 1
            while close < attributes.upperBound, bytes[close] != bytes[quote] { close += 1 }
            if matches(start..<end, name) { return decoded(quote + 1..<max(quote + 1, close)) }
            index = close + 1
        }
        return nil
    }

    /// The text of a range with the five named entities and numeric references decoded.
    func string(_ range: Range<Int>) -> String { String(decoding: decoded(range), as: UTF8.self) }

    func decoded(_ range: Range<Int>) -> [UInt8] {
        let raw = bytes[range]
        guard raw.contains(UInt8(ascii: "&")) else { return Array(raw) }
        var result: [UInt8] = []
        var index = range.lowerBound
        while index < range.upperBound {
            if bytes[index] == UInt8(ascii: "&"),
                let end = bytes[index..<min(range.upperBound, index + 12)].firstIndex(of: UInt8(ascii: ";")),
                let scalar = Self.entity(String(decoding: bytes[index + 1..<end], as: UTF8.self))
            {
                result += Array(String(scalar).utf8)
                index = end + 1
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }

    private static func entity(_ name: String) -> Unicode.Scalar? {
        let named: [String: Unicode.Scalar] = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]
        if let scalar = named[name] { return scalar }
        if name.hasPrefix("#x") { return UInt32(name.dropFirst(2), radix: 16).flatMap(Unicode.Scalar.init) }
        if name.hasPrefix("#") { return UInt32(name.dropFirst()).flatMap(Unicode.Scalar.init) }
        return nil
    }

    private mutating func tag() -> Token {
        let isEnd = starts(with: "</")
        let nameStart = position + (isEnd ? 2 : 1)
        var nameEnd = nameStart
        while nameEnd < bytes.count, bytes[nameEnd] > 0x20, !Self.endsName(bytes[nameEnd]) { nameEnd += 1 }
        var close = nameEnd
        var quote: UInt8?
        while close < bytes.count, quote != nil || bytes[close] != UInt8(ascii: ">") {
            let byte = bytes[close]
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            }
            close += 1
        }
        position = min(close + 1, bytes.count)
        if isEnd { return .end(name: nameStart..<nameEnd) }
        let isEmpty = close > nameEnd && bytes[close - 1] == UInt8(ascii: "/")
        return .start(name: nameStart..<nameEnd, attributes: nameEnd..<(isEmpty ? close - 1 : close), isEmpty: isEmpty)
    }

    private static func endsName(_ byte: UInt8) -> Bool { byte == UInt8(ascii: ">") || byte == UInt8(ascii: "/") }

    private func starts(with prefix: StaticString) -> Bool {
        let count = prefix.utf8CodeUnitCount
        guard position + count <= bytes.count else { return false }
        return (0..<count).allSatisfy { bytes[position + $0] == prefix.utf8Start[$0] }
    }

    private func find(_ byte: Unicode.Scalar, from start: Int) -> Int? {
        bytes[start...].firstIndex(of: UInt8(ascii: byte))
    }

    /// The position after the next occurrence of `mark`, or the end.
    private func skip(past mark: StaticString, from start: Int) -> Int {
        let count = mark.utf8CodeUnitCount
        var index = min(start, bytes.count)
        while index + count <= bytes.count {
            if (0..<count).allSatisfy({ bytes[index + $0] == mark.utf8Start[$0] }) { return index + count }
            index += 1
        }
        return bytes.count
    }
}
