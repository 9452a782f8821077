internal import Foundation
internal import Tensors

/// A tar file, mapped: its ordinary files in their order. No length in it is believed.
///
/// Source: POSIX.1-1988 (ustar) and POSIX.1-2001 (pax), with GNU's long names and large numbers.
public struct TarArchive: Sendable {
    public let path: String
    /// The names of the members, each once.
    public let names: [String]
    /// Why the file cannot be read beyond its last member; nil for a whole one.
    public let damage: ArchiveError?
    private let extents: [String: Range<Int>]
    private let file: MappedFile

    static let blockSize = 512
    /// No name that is given in a member of its own is longer.
    private static let longestName = 65_536

    /// Throws `ArchiveError`.
    /// - `sparing`: whether the members before a damage are kept, and the damage told in `damage`.
    public init(_ path: String, sparing: Bool = false) throws {
        let file = try MappedFile(path)
        guard !file.bytes.starts(with: [0x1f, 0x8b]) else {
            throw ArchiveError.unreadable(
                path, reason: "it is compressed, and pictures are fetched from anywhere in it: gunzip it first")
        }
        var reader = Reader(bytes: file.bytes, path: path)
        var (names, extents): ([String], [String: Range<Int>]) = ([], [:])
        var damage: ArchiveError?
        do {
            while let member = try reader.next() {
                guard extents[member.name] == nil else {
                    throw ArchiveError.unreadable(path, reason: "it holds the member \(member.name) twice")
                }
                extents[member.name] = member.extent
                names.append(member.name)
            }
        } catch let error as ArchiveError where sparing && !names.isEmpty {
            damage = error
        }
        (self.path, self.file, self.names, self.extents, self.damage) = (path, file, names, extents, damage)
    }

    /// A member's bytes, which are copied. Throws `ArchiveError.unreadable` for a name that is not there, or where they are
    /// too many.
    public func bytes(_ name: String, atMost limit: Int = 1 << 24) throws -> [UInt8] {
        guard let extent = extents[name] else {
            throw ArchiveError.unreadable(path, reason: "it lacks the member \(name)")
        }
        guard extent.count <= limit else {
            throw ArchiveError.unreadable(
                path, reason: "its member \(name) has \(extent.count) bytes, at most \(limit) make sense")
        }
        return Array(file.bytes[extent])
    }

    /// Goes from header to header.
    private struct Reader {
        let bytes: UnsafeRawBufferPointer
        let path: String
        var offset = 0

        mutating func next() throws -> (name: String, extent: Range<Int>)? {
            var longName: String?
            while offset < bytes.count {
                guard offset <= bytes.count - blockSize else { throw ArchiveError.truncated(path) }
                let header = UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + blockSize])
                // The end is marked by zeros.
                if header.allSatisfy({ $0 == 0 }) { return nil }
                try check(header)
                let size = try number(header, 124..<136)
                let start = offset + blockSize
                guard size <= bytes.count - start else { throw ArchiveError.truncated(path) }
                let extent = start..<start + size
                offset = min(bytes.count, start + (size + blockSize - 1) / blockSize * blockSize)
                switch header[156] {
                case UInt8(ascii: "0"), 0: return (longName ?? name(header), extent)
                case UInt8(ascii: "L"): longName = try text(extent)
                case UInt8(ascii: "x"): longName = try paxName(extent) ?? longName
                case UInt8(ascii: "g"): continue
                // A folder, a link or a device.
                default: longName = nil
                }
            }
            throw ArchiveError.truncated(path)
        }

        /// The sum of a header's bytes, its own place counted as spaces.
        private func check(_ header: UnsafeRawBufferPointer) throws {
            let sum = header.enumerated().reduce(0) { $0 + ((148..<156).contains($1.offset) ? 32 : Int($1.element)) }
            guard try number(header, 148..<156) == sum else {
                throw offset == 0
                    ? ArchiveError.foreign(path, expected: "a tar file") : .unreadable(path, reason: "it is damaged")
            }
        }

        /// Octal digits, or, where the first bit is set, a binary number of which nothing above 2^62 is taken.
        private func number(_ header: UnsafeRawBufferPointer, _ field: Range<Int>) throws -> Int {
            let digits = header[field]
            let isBinary = digits.first.map { $0 & 0x80 != 0 } ?? false
            var value = 0
            for (index, byte) in digits.enumerated() {
                if isBinary {
                    value = value << 8 | Int(index == 0 ? byte & 0x7f : byte)
                } else if (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(byte) {
                    value = value << 3 | Int(byte - UInt8(ascii: "0"))
                } else if byte != 0 && byte != 32 {
                    throw offset == 0
                        ? ArchiveError.foreign(path, expected: "a tar file")
                        : .unreadable(path, reason: "it is damaged")
                }
                guard value < 1 << 54 else {
                    throw ArchiveError.unreadable(path, reason: "a length in it is impossible")
                }
            }
            return value
        }

        private func name(_ header: UnsafeRawBufferPointer) -> String {
            func field(_ range: Range<Int>) -> String {
                String(decoding: header[range].prefix { $0 != 0 }, as: UTF8.self)
            }
            let prefix = header[257..<263].elementsEqual("ustar\0".utf8) ? field(345..<500) : ""
            return prefix.isEmpty ? field(0..<100) : prefix + "/" + field(0..<100)
        }

        private func text(_ extent: Range<Int>) throws -> String {
            guard extent.count <= longestName else {
                throw ArchiveError.unreadable(path, reason: "a name in it has \(extent.count) bytes")
            }
            return String(decoding: bytes[extent].prefix { $0 != 0 }, as: UTF8.self)
        }

        /// `path` of a pax header, whose records are `LENGTH KEY=VALUE\n`.
        private func paxName(_ extent: Range<Int>) throws -> String? {
            for line in try text(extent).split(separator: "\n") {
                let record = line.drop { $0 != " " }.dropFirst()
                if record.hasPrefix("path=") { return String(record.dropFirst(5)) }
            }
            return nil
        }
    }
}

extension TarArchive {
    /// Writes a file of ordinary members, whole or not at all. Equal members give equal files. Throws `ArchiveError`, or what
    /// `bytes` throws.
    public static func write(
        _ path: String, names: [String], bytes: (_ index: Int) throws -> [UInt8]
    ) throws {
        try AtomicWrite.replace(path) { temporary in
            guard let file = fopen(temporary, "wb") else { throw ArchiveError.system(errno, path, writing: true) }
            var failure: Int32 = 0
            func put(_ part: [UInt8]) {
                if failure == 0, fwrite(part, 1, part.count, file) != part.count { failure = errno }
            }
            func put(_ name: String, kind: Unicode.Scalar, _ content: [UInt8]) {
                put(header(name, kind: kind, size: content.count))
                put(content)
                put([UInt8](repeating: 0, count: (blockSize - content.count % blockSize) % blockSize))
            }
            do {
                for (index, name) in names.enumerated() {
                    if name.utf8.count > 100 {
                        put("long name", kind: "x", Array(paxRecord(path: name).utf8))
                    }
                    put(name, kind: "0", try bytes(index))
                }
            } catch {
                fclose(file)
                throw error
            }
            put([UInt8](repeating: 0, count: 2 * blockSize))
            guard fclose(file) == 0, failure == 0 else {
                throw ArchiveError.system(failure == 0 ? errno : failure, path, writing: true)
            }
        }
    }

    /// The length counts its own digits.
    private static func paxRecord(path: String) -> String {
        let rest = " path=\(path)\n"
        var length = rest.utf8.count + 1
        while "\(length)".utf8.count + rest.utf8.count != length { length += 1 }
        return "\(length)\(rest)"
    }

    private static func header(_ name: String, kind: Unicode.Scalar, size: Int) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: blockSize)
        func put(_ text: String, at offset: Int, most: Int) {
            for (index, byte) in text.utf8.prefix(most).enumerated() { block[offset + index] = byte }
        }
        func octal(_ value: Int, digits: Int) -> String {
            let text = String(value, radix: 8)
            return String(repeating: "0", count: max(0, digits - text.count)) + text
        }
        put(name, at: 0, most: 100)
        put(octal(0o644, digits: 7), at: 100, most: 7)
        for offset in [108, 116] { put(octal(0, digits: 7), at: offset, most: 7) }
        put(octal(size, digits: 11), at: 124, most: 12)
        put(octal(0, digits: 11), at: 136, most: 11)
        put("        ", at: 148, most: 8)
        block[156] = UInt8(ascii: kind)
        put("ustar\u{0}00", at: 257, most: 8)
        let sum = block.reduce(0) { $0 + Int($1) }
        put(octal(sum, digits: 6) + "\u{0} ", at: 148, most: 8)
        return block
    }
}
