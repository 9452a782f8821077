internal import Foundation
public import Tensors

/// A safetensors file, mapped: 8 bytes of header length (little-endian), a JSON header, then the tensors' bytes.
///
/// Nothing in the header is trusted: its length is bounded, and every tensor's extent is checked against the file and
/// against its neighbours. Source: the format's description, github.com/huggingface/safetensors.
public struct SafetensorsFile {
    public let path: String
    /// F32, F16 and BF16 tensors by name.
    public let tensors: [String: Tensor]
    /// Tensors of other element types (token positions and the like) by name, with their type: they are not loaded.
    public let skipped: [String: String]
    /// The header's `__metadata__`.
    public let metadata: [String: String]

    /// Room for 150,000 tensors; the format itself allows 100 MB, which a hostile file can fill with names of nothing.
    private static let headerLimit = 16_000_000

    /// Maps a file. Throws `missingFile`, `foreign`, `truncated` or `unreadable`.
    public init(_ path: String) throws {
        let file = try MappedFile(path)
        let header = try Self.header(file.bytes, path)
        var tensors: [String: Tensor] = [:]
        var skipped: [String: String] = [:]
        let dataStart = 8 + header.byteCount
        try Self.checkCover(header.entries, dataCount: file.bytes.count - dataStart, path)
        for (name, entry) in header.entries {
            guard let type = entry.elementType else {
                skipped[name] = entry.dtype
                continue
            }
            let shape = try entry.checkedShape(of: type, name, path)
            let start = dataStart + entry.start
            guard let base = file.bytes.baseAddress else { throw ArchiveError.truncated(path) }
            let storage = Storage(mapped: base + start, byteCount: entry.end - entry.start, owner: file)
            let tensor = Tensor(shape: shape, elementType: type, storage: storage)
            // A header need not be a multiple of the element size long.
            tensors[name] = start % type.byteCount(of: 1) == 0 ? tensor : tensor.copied()
        }
        self.path = path
        self.tensors = tensors
        self.skipped = skipped
        metadata = header.metadata
    }

    /// One tensor. Throws `missingTensor`, or `elementType` where it is stored in a type that is not loaded.
    public func tensor(_ name: String) throws -> Tensor {
        if let tensor = tensors[name] { return tensor }
        if let dtype = skipped[name] {
            throw ArchiveError.elementType("\(name) in \(path)", expected: "F32, F16 or BF16", found: dtype)
        }
        throw ArchiveError.missingTensor(name, available: tensors.keys.sorted())
    }

    // MARK: The header

    private struct Header {
        let byteCount: Int
        let entries: [(String, Entry)]
        let metadata: [String: String]
    }

    private struct Entry: Decodable {
        let dtype: String
        let shape: [Int]
        let offsets: [Int]

        enum CodingKeys: String, CodingKey {
            case dtype, shape
            case offsets = "data_offsets"
        }

        var start: Int { offsets[0] }
        var end: Int { offsets[1] }
        var elementType: ElementType? {
            switch dtype {
            case "F32": .float32
            case "F16": .float16
            case "BF16": .bfloat16
            default: nil
            }
        }

        func checkedShape(of type: ElementType, _ name: String, _ path: String) throws -> Shape {
            var bytes = type.byteCount(of: 1)
            for extent in shape {
                let product = bytes.multipliedReportingOverflow(by: extent)
                guard extent >= 0, !product.overflow else {
                    throw ArchiveError.unreadable(path, reason: "tensor \(name) has the impossible shape \(shape)")
                }
                bytes = product.partialValue
            }
            guard bytes == end - start else {
                let reason = "tensor \(name) of shape \(shape) needs \(bytes) bytes, the header gives it \(end - start)"
                throw ArchiveError.unreadable(path, reason: reason)
            }
            return Shape(shape)
        }
    }

    /// A header's value: a tensor's entry, or the metadata.
    private enum Item: Decodable {
        case entry(Entry)
        case metadata([String: String])

        init(from decoder: any Decoder) throws {
            if let metadata = try? decoder.singleValueContainer().decode([String: String].self) {
                self = .metadata(metadata)
            } else {
                self = .entry(try Entry(from: decoder))
            }
        }
    }

    private static func header(_ bytes: UnsafeRawBufferPointer, _ path: String) throws -> Header {
        guard bytes.count >= 8 else { throw ArchiveError.truncated(path) }
        let length = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
        guard length >= 2, length <= headerLimit else {
            throw ArchiveError.foreign(path, expected: "a safetensors file")
        }
        guard length <= bytes.count - 8 else { throw ArchiveError.truncated(path) }
        let text = Data(bytes[8..<8 + Int(length)])
        guard text.first == UInt8(ascii: "{"), let items = try? JSONDecoder().decode([String: Item].self, from: text)
        else {
            throw ArchiveError.foreign(path, expected: "a safetensors file")
        }
        var entries: [(String, Entry)] = []
        var metadata: [String: String] = [:]
        for (name, item) in items {
            switch item {
            case .entry(let entry): entries.append((name, entry))
            case .metadata(let values) where name == "__metadata__": metadata = values
            case .metadata: throw ArchiveError.unreadable(path, reason: "the header's entry \(name) is no tensor")
            }
        }
        return Header(byteCount: Int(length), entries: entries, metadata: metadata)
    }

    /// Tensors lie one after the other: no gap, no overlap, none beyond the end.
    private static func checkCover(_ entries: [(String, Entry)], dataCount: Int, _ path: String) throws {
        for (name, entry) in entries {
            guard entry.offsets.count == 2, entry.start >= 0, entry.start <= entry.end else {
                throw ArchiveError.unreadable(path, reason: "tensor \(name) has impossible offsets \(entry.offsets)")
            }
            guard entry.end <= dataCount else { throw ArchiveError.truncated(path) }
        }
        var covered = 0
        for (name, entry) in entries.sorted(by: { ($0.1.start, $0.1.end) < ($1.1.start, $1.1.end) }) {
            guard entry.start == covered else {
                let fault = entry.start < covered ? "overlaps its neighbour" : "leaves a gap before it"
                throw ArchiveError.unreadable(path, reason: "tensor \(name) \(fault)")
            }
            covered = entry.end
        }
        guard covered == dataCount else {
            throw ArchiveError.unreadable(path, reason: "\(dataCount - covered) bytes at its end belong to no tensor")
        }
    }
}
