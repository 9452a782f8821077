public import Tensors

/// A GGUF file of version 2 or 3, mapped: a header, metadata, the tensors' descriptions, then their bytes.
///
/// Nothing in the header is trusted: counts, lengths and places are checked against the file before anything is read or
/// reserved. Tensors keep their encoding. Source: the format's description, github.com/ggml-org/ggml, docs/gguf.md.
public struct GGUFFile {
    public let path: String
    /// Tensors by name, in the usual order of axes, outermost first.
    public let tensors: [String: Tensor]
    public let metadata: [String: GGUFValue]

    /// Maps a file. Throws `missingFile`, `foreign`, `truncated` or `unreadable`.
    public init(_ path: String) throws {
        let file = try MappedFile(path)
        var cursor = GGUFCursor(bytes: file.bytes, path: path, owner: file)
        guard file.bytes.count >= 4, file.bytes.prefix(4).elementsEqual("GGUF".utf8) else {
            throw ArchiveError.foreign(path, expected: "a GGUF file")
        }
        cursor.position = 4
        let version = try cursor.number(UInt32.self)
        guard version == 2 || version == 3 else {
            throw ArchiveError.unreadable(path, reason: "it is of GGUF's version \(version); 2 and 3 are read")
        }
        // An entry takes more than 12 bytes, a description more than 24.
        let tensorCount = try cursor.count(ofAtLeast: 24)
        let entryCount = try cursor.count(ofAtLeast: 12)
        var metadata: [String: GGUFValue] = [:]
        for _ in 0..<entryCount {
            let key = try cursor.text()
            guard metadata.updateValue(try cursor.value(), forKey: key) == nil else {
                throw ArchiveError.unreadable(path, reason: "its metadata hold \(key) twice")
            }
        }
        let alignment = metadata["general.alignment"]?.integer ?? 32
        guard alignment > 0, alignment <= 1 << 20, alignment & (alignment - 1) == 0 else {
            throw ArchiveError.unreadable(path, reason: "its alignment \(alignment) is no power of two")
        }
        let descriptions = try (0..<tensorCount).map { _ in try GGUFTensorDescription(&cursor) }
        let start = (cursor.position + alignment - 1) & ~(alignment - 1)
        var tensors: [String: Tensor] = [:]
        for description in descriptions {
            let tensor = try description.tensor(in: file, dataStart: start, alignment: alignment, path)
            guard tensors.updateValue(tensor, forKey: description.name) == nil else {
                throw ArchiveError.unreadable(path, reason: "it holds the tensor \(description.name) twice")
            }
        }
        try GGUFTensorDescription.checkSeparate(descriptions, path)
        self.path = path
        self.tensors = tensors
        self.metadata = metadata
    }

    /// What is wrong where a needed entry of the metadata is missing or of another kind.
    public func unusable(_ key: String, expected: String) -> ArchiveError {
        .unreadable(path, reason: "its metadata lack \(key), \(expected)")
    }
}

/// What a GGUF file says of a tensor before its bytes.
struct GGUFTensorDescription {
    let name: String
    private let dimensions: [Int]
    private let type: UInt32
    private let offset: UInt64
    private let elementType: ElementType
    private let byteCount: Int

    init(_ cursor: inout GGUFCursor) throws {
        name = try cursor.text()
        let rank = try cursor.number(UInt32.self)
        guard (1...4).contains(rank) else {
            throw ArchiveError.unreadable(cursor.path, reason: "tensor \(name) claims \(rank) axes")
        }
        var count = 1
        var extents: [Int] = []
        for _ in 0..<rank {
            let extent = try cursor.number(UInt64.self)
            let product = count.multipliedReportingOverflow(by: Int(clamping: extent))
            // No encoding needs less than a quarter of a byte for an element.
            guard !product.overflow, product.partialValue / 4 <= cursor.bytes.count else {
                throw ArchiveError.unreadable(cursor.path, reason: "tensor \(name) is larger than the file")
            }
            count = product.partialValue
            extents.append(Int(extent))
        }
        dimensions = extents.reversed()
        type = try cursor.number(UInt32.self)
        offset = try cursor.number(UInt64.self)
        guard let elementType = Self.elementType(of: type) else {
            throw ArchiveError.unreadable(
                cursor.path,
                reason: "tensor \(name) has GGUF's type \(type), which is not read here; "
                    + "F32, F16, BF16, Q8_0, Q4_0 to Q5_1 and Q2_K to Q6_K are")
        }
        guard extents[0] % elementType.blockLength == 0 else {
            throw ArchiveError.unreadable(
                cursor.path,
                reason: "tensor \(name) has rows of \(extents[0]), no whole blocks of \(elementType.rawValue)")
        }
        self.elementType = elementType
        byteCount = elementType.byteCount(of: count)
    }

    private static func elementType(of type: UInt32) -> ElementType? {
        let types: [UInt32: ElementType] = [
            0: .float32, 1: .float16, 2: .q40, 3: .q41, 6: .q50, 7: .q51, 8: .q80, 10: .q2K, 11: .q3K, 12: .q4K,
            13: .q5K, 14: .q6K, 30: .bfloat16,
        ]
        return types[type]
    }

    func tensor(in file: MappedFile, dataStart: Int, alignment: Int, _ path: String) throws -> Tensor {
        guard offset % UInt64(alignment) == 0 else {
            throw ArchiveError.unreadable(path, reason: "tensor \(name) does not begin at a multiple of \(alignment)")
        }
        let start = dataStart.addingReportingOverflow(Int(clamping: offset))
        let end = start.partialValue.addingReportingOverflow(byteCount)
        guard !start.overflow, !end.overflow, end.partialValue <= file.bytes.count, let base = file.bytes.baseAddress
        else { throw ArchiveError.truncated(path) }
        let storage = Storage(mapped: base + start.partialValue, byteCount: byteCount, owner: file)
        let tensor = Tensor(shape: Shape(dimensions), elementType: elementType, storage: storage)
        // Alignments below the element's size are allowed, if unusual.
        return alignment % 4 == 0 ? tensor : tensor.copied()
    }

    /// Throws where two tensors share bytes.
    static func checkSeparate(_ descriptions: [GGUFTensorDescription], _ path: String) throws {
        var covered: UInt64 = 0
        for description in descriptions.sorted(by: { ($0.offset, $0.byteCount) < ($1.offset, $1.byteCount) }) {
            guard description.offset >= covered else {
                throw ArchiveError.unreadable(path, reason: "tensor \(description.name) overlaps its neighbour")
            }
            covered = description.offset + UInt64(description.byteCount)
        }
    }
}
