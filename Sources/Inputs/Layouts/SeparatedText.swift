internal import Foundation

/// A table in text: fields between separators, quoted where they hold a separator, a quote (doubled) or a line's end.
///
/// Source: RFC 4180, with the separator sniffed.
struct SeparatedText {
    static let separators: [Character] = [",", "\t", ";", "|"]

    let separator: Character
    /// The names in the first line, in lower case; where that names none, those that were given.
    let columns: [String]
    /// Rows with the line that each begins in, counted from 1.
    private(set) var rows: [(line: Int, fields: [String])] = []

    /// The separator is the one of which the first line has most outside quotes; of a table without names the first that divides
    /// it.
    /// - `unnamed`: what the columns of a table are called whose first line holds values.
    /// - `isValue`: tells such a line by its first field.
    init(_ text: String, unnamed: [String] = [], isValue: (String) -> Bool = { _ in false }) {
        var parser = Parser(bytes: Array(text.utf8))
        parser.skipByteOrderMark()
        let heads = Self.separators.map { separator in
            var trial = parser
            trial.separator = separator.asciiValue ?? 0
            return (separator: separator, fields: trial.next() ?? [])
        }
        let bare = heads.first { $0.fields.count > 1 && isValue($0.fields[0].trimmed) }
        separator = bare?.separator ?? heads.reduce((",", [])) { $1.fields.count > $0.1.count ? $1 : $0 }.0
        parser.separator = separator.asciiValue ?? 0
        columns = bare == nil ? (parser.next() ?? []).map { $0.trimmed.lowercased() } : unnamed
        while true {
            let line = parser.line
            guard let fields = parser.next() else { break }
            if fields != [""] { rows.append((line, fields)) }
        }
    }

    private struct Parser {
        let bytes: [UInt8]
        var separator = UInt8(ascii: ",")
        var position = 0
        var line = 1

        init(bytes: [UInt8]) { self.bytes = bytes }

        mutating func skipByteOrderMark() { if bytes.starts(with: [0xef, 0xbb, 0xbf]) { position = 3 } }

        /// The fields up to the end of the line; nil at the end of the text.
        mutating func next() -> [String]? {
            if position == bytes.count { return nil }
            var fields: [String] = []
            while true {
                fields.append(field())
                guard position < bytes.count else { return fields }
                let end = bytes[position]
                position += 1
                if end == separator { continue }
                if end == UInt8(ascii: "\r"), position < bytes.count, bytes[position] == UInt8(ascii: "\n") {
                    position += 1
                }
                line += 1
                return fields
            }
        }

        /// A field; the position is then at what ends it.
        private mutating func field() -> String {
            let newlines: [UInt8] = [UInt8(ascii: "\n"), UInt8(ascii: "\r")]
            var text: [UInt8] = []
            var isQuoted = false
            while position < bytes.count {
                let byte = bytes[position]
                if isQuoted {
                    if byte == UInt8(ascii: "\"") {
                        let isDoubled = position + 1 < bytes.count && bytes[position + 1] == byte
                        if isDoubled { text.append(byte) }
                        position += isDoubled ? 1 : 0
                        isQuoted = isDoubled
                    } else {
                        if byte == newlines[0] { line += 1 }
                        text.append(byte)
                    }
                } else if byte == separator || newlines.contains(byte) {
                    break
                } else if byte == UInt8(ascii: "\""), text.allSatisfy({ $0 == 32 }) {
                    text = []
                    isQuoted = true
                } else {
                    text.append(byte)
                }
                position += 1
            }
            return String(decoding: text, as: UTF8.self)
        }
    }
}

extension StringProtocol {
    /// Without white space at either end.
    var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
