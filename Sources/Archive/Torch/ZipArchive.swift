/// A zip file, mapped, of which stored (uncompressed) members are read, as PyTorch writes them. No length or offset in
/// it is believed. Source: PKWARE's APPNOTE 6.3, sections 4.3.7 to 4.3.16 and 4.5.3.
struct ZipArchive {
    static let signature: [UInt8] = [0x50, 0x4b, 0x03, 0x04]

    let path: String
    /// The extent of each stored member's bytes in the file. A compressed one has none: TorchScript compresses its code,
    /// which is never read.
    let members: [String: Range<Int>?]
    /// The mapped file, which tensors keep alive.
    let file: MappedFile

    init(_ path: String) throws {
        self.path = path
        let file = try MappedFile(path)
        self.file = file
        members = try Directory(bytes: file.bytes, path: path).members()
    }

    func bytes(_ name: String) throws -> UnsafeRawBufferPointer {
        guard let member = members[name] else {
            throw ArchiveError.unreadable(path, reason: "it lacks the member \(name)")
        }
        guard let range = member else {
            throw ArchiveError.unreadable(
                path, reason: "its member \(name) is compressed; PyTorch stores pickles and tensors uncompressed")
        }
        return UnsafeRawBufferPointer(rebasing: file.bytes[range])
    }
}

/// The central directory at the end of a zip file.
private struct Directory {
    let bytes: UnsafeRawBufferPointer
    let path: String

    private var cutShort: ArchiveError { .truncated(path) }

    private func number<Value: FixedWidthInteger>(_ type: Value.Type, at offset: Int) throws -> Int {
        guard offset >= 0, offset <= bytes.count - MemoryLayout<Value>.size else { throw cutShort }
        guard let value = Int(exactly: Value(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: type)))
        else {
            throw damaged("a length in it is impossible")
        }
        return value
    }

    private func damaged(_ reason: String) -> ArchiveError { .unreadable(path, reason: reason) }

    func members() throws -> [String: Range<Int>?] {
        var (count, offset) = try extent()
        var members: [String: Range<Int>?] = [:]
        while count > 0 {
            guard try number(UInt32.self, at: offset) == 0x0201_4b50 else {
                throw damaged("its list of members is damaged")
            }
            let nameCount = try number(UInt16.self, at: offset + 28)
            let extraCount = try number(UInt16.self, at: offset + 30)
            let end = offset + 46 + nameCount + extraCount
            guard end <= bytes.count else { throw cutShort }
            let name = String(decoding: bytes[offset + 46..<offset + 46 + nameCount], as: UTF8.self)
            let isStored = try number(UInt16.self, at: offset + 10) == 0
            let range = isStored ? try extent(of: name, at: offset, extra: end - extraCount..<end) : nil
            guard members.updateValue(range, forKey: name) == nil else {
                throw damaged("it holds the member \(name) twice")
            }
            offset = end + (try number(UInt16.self, at: offset + 32))
            count -= 1
        }
        return members
    }

    /// The number of members and where the list of them starts.
    private func extent() throws -> (count: Int, offset: Int) {
        let first = max(0, bytes.count - 22 - 0xffff)
        var end = bytes.count - 22
        while end >= first, try number(UInt32.self, at: end) != 0x0605_4b50 { end -= 1 }
        guard end >= first else { throw cutShort }
        let count = try number(UInt16.self, at: end + 10)
        let offset = try number(UInt32.self, at: end + 16)
        guard end >= 20, try number(UInt32.self, at: end - 20) == 0x0706_4b50 else { return (count, offset) }
        let large = try number(UInt64.self, at: end - 12)
        guard try number(UInt32.self, at: large) == 0x0606_4b50 else {
            throw damaged("its list of members is damaged")
        }
        return (try number(UInt64.self, at: large + 32), try number(UInt64.self, at: large + 48))
    }

    /// Where the bytes of the member described at `offset` lie; sizes of 4 GB and more stand in its extra fields.
    private func extent(of name: String, at offset: Int, extra: Range<Int>) throws -> Range<Int> {
        let compressed = try number(UInt32.self, at: offset + 20)
        var size = try number(UInt32.self, at: offset + 24)
        var header = try number(UInt32.self, at: offset + 42)
        let unknown = 0xffff_ffff
        var field = extra.lowerBound
        while field + 4 <= extra.upperBound {
            let (kind, length) = (try number(UInt16.self, at: field), try number(UInt16.self, at: field + 2))
            if kind == 1 {
                var position = field + 4
                if size == unknown {
                    size = try number(UInt64.self, at: position)
                    position += 8
                }
                if compressed == unknown { position += 8 }
                if header == unknown { header = try number(UInt64.self, at: position) }
            }
            field += 4 + length
        }
        guard try number(UInt32.self, at: header) == 0x0403_4b50 else {
            throw damaged("its member \(name) is not where the list says")
        }
        let start =
            header + 30 + (try number(UInt16.self, at: header + 26)) + (try number(UInt16.self, at: header + 28))
        guard start <= bytes.count, size <= bytes.count - start else { throw cutShort }
        return start..<start + size
    }
}
