import Archive
import Foundation

/// Byte-pair encoding (Sennrich et al., 2016) over UTF-8 bytes with a mark at the end of a word, as CLIP uses it.
///
/// Symbols are numbered as in CLIP: the 256 bytes, the 256 bytes that end a word, then the product of each merge in
/// the order of the file; so of two merges the one with the lower product came first and is applied first.
struct BytePairEncoder: Sendable {
    /// The number of symbols.
    let vocabularySize: Int
    /// Product of each pair of adjacent symbols, keyed by `left << 32 | right`.
    private let products: [UInt64: Int32]

    /// - Parameter merges: a line `left right` for each merge, of the file at `path`.
    init(merges data: Data, path: String) throws {
        var table = SymbolTable(capacity: data.count + 4096)
        var products: [UInt64: Int32] = [:]
        try data.withUnsafeBytes { bytes in
            let lines = bytes.split(separator: UInt8(ascii: "\n"))
            products.reserveCapacity(lines.count)
            for line in lines {
                guard let space = line.firstIndex(of: UInt8(ascii: " ")),
                    let left = table.id(of: UnsafeRawBufferPointer(rebasing: line[..<space])),
                    let right = table.id(of: UnsafeRawBufferPointer(rebasing: line[(space + 1)...]))
                else {
                    let text = String(decoding: line, as: UTF8.self)
                    throw ArchiveError.unreadable(path, reason: "\"\(text)\" is no merge of two earlier symbols")
                }
                products[Self.key(left, right)] = table.append(
                    UnsafeRawBufferPointer(rebasing: line[..<space]),
                    UnsafeRawBufferPointer(rebasing: line[(space + 1)...]))
            }
        }
        self.products = products
        vocabularySize = table.count
    }

    /// How each byte is spelled, in the order of their symbols.
    static var byteSpellings: [String] { ByteSymbols.spellings.map { String(decoding: $0, as: UTF8.self) } }

    private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    }

    /// The symbols of one word, given by its UTF-8 bytes.
    func encode(word: [UInt8]) -> [Int32] {
        var symbols = word.map { ByteSymbols.index[Int($0)] }
        guard let last = symbols.indices.last else { return [] }
        symbols[last] += 256
        while let product = earliestMerge(in: symbols) { merge(&symbols, into: product) }
        return symbols
    }

    private func earliestMerge(in symbols: [Int32]) -> Int32? {
        zip(symbols, symbols.dropFirst()).lazy.compactMap { products[Self.key($0, $1)] }.min()
    }

    /// Replaces every pair whose product is `product`, from left to right.
    private func merge(_ symbols: inout [Int32], into product: Int32) {
        var write = 0
        var read = 0
        while read < symbols.count {
            if read + 1 < symbols.count, products[Self.key(symbols[read], symbols[read + 1])] == product {
                symbols[write] = product
                read += 2
            } else {
                symbols[write] = symbols[read]
                read += 1
            }
            write += 1
        }
        symbols.removeSubrange(write...)
    }
}

/// How merges files spell the 256 bytes: printable Latin-1 characters stand for themselves, the other bytes, in
/// order, for the characters from U+0100 on. A byte's symbol is its place in that list.
enum ByteSymbols {
    static let printable: [UInt8] = Array(0x21...0x7e) + Array(0xa1...0xac) + Array(0xae...0xff)
    static let order: [UInt8] = printable + (UInt8.min...UInt8.max).filter { !printable.contains($0) }
    static let index: [Int32] = {
        var index = [Int32](repeating: 0, count: 256)
        for (position, byte) in order.enumerated() { index[Int(byte)] = Int32(position) }
        return index
    }()
    /// UTF-8 spelling of each symbol without the mark at a word's end.
    static let spellings: [[UInt8]] = order.indices.map { position in
        let scalar =
            position < printable.count
            ? Unicode.Scalar(printable[position]) : Unicode.Scalar(0x100 + UInt32(position - printable.count))
        return Array(String(Character(scalar ?? " ")).utf8)
    }
}

/// Symbols by their UTF-8 spelling, while a merges file is read. Keys are compared as bytes: `String` would take
/// canonically equivalent spellings for one.
private struct SymbolTable: ~Copyable {
    private struct Spelling: Hashable {
        let bytes: UnsafeRawBufferPointer

        static func == (a: Spelling, b: Spelling) -> Bool { a.bytes.elementsEqual(b.bytes) }
        func hash(into hasher: inout Hasher) { hasher.combine(bytes: bytes) }
    }

    private let pool: UnsafeMutableRawBufferPointer
    private var used = 0
    private var ids: [Spelling: Int32] = [:]
    var count: Int { ids.count }

    /// `capacity` bounds the bytes of all spellings together.
    init(capacity: Int) {
        pool = .allocate(byteCount: capacity, alignment: 1)
        ids.reserveCapacity(1 << 16)
        let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
        for suffix in [[], Array("</w>".utf8)] {
            for spelling in ByteSymbols.spellings {
                (spelling + suffix).withUnsafeBytes { _ = append($0, nothing) }
            }
        }
    }

    deinit { pool.deallocate() }

    func id(of bytes: UnsafeRawBufferPointer) -> Int32? { ids[Spelling(bytes: bytes)] }

    /// Adds the symbol that is spelled `left` followed by `right`.
    mutating func append(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int32 {
        let start = used
        for part in [left, right] {
            UnsafeMutableRawBufferPointer(rebasing: pool[used...]).copyMemory(from: part)
            used += part.count
        }
        let id = Int32(ids.count)
        ids[Spelling(bytes: UnsafeRawBufferPointer(rebasing: pool[start..<used]))] = id
        return id
    }
}
