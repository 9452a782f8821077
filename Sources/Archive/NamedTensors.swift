internal import Foundation
public import Tensors

/// The tensors of a checkpoint, whatever kind of file holds them, under the names that they have there.
public struct NamedTensors {
    /// F32, F16 and BF16 tensors, mapped where the file allows.
    public var tensors: [String: Tensor]
    /// Tensors of other element types, which no network here asks for, by name with their type.
    public var skipped: [String: String]
    /// What else the file says, such as safetensors' metadata.
    public var metadata: [String: String]
    /// The files that hold the tensors.
    public let files: [String]

    init(
        tensors: [String: Tensor], skipped: [String: String] = [:], metadata: [String: String] = [:], files: [String]
    ) {
        self.tensors = tensors
        self.skipped = skipped
        self.metadata = metadata
        self.files = files
    }

    /// Reads a file of any kind that is known: safetensors or an index of its shards, PyTorch's zip archives, HDF5.
    /// Throws `ArchiveError`.
    public init(reading path: String) throws {
        if path.hasSuffix(".index.json") {
            self = try ShardIndex(path).tensors()
            return
        }
        let beginning = try Self.beginning(of: path)
        if beginning.starts(with: ZipArchive.signature) {
            self = try TorchFile.read(path)
        } else if beginning.starts(with: HDF5File.signature) {
            let (tensors, attributes) = try readTensors(path)
            self.init(tensors: tensors, metadata: attributes, files: [path])
        } else if beginning.first == 0x80, beginning.last != UInt8(ascii: "{") {
            // The length of a safetensors header may begin so too; the header itself begins with a brace.
            throw ArchiveError.unreadable(
                path, reason: "it is a pickle without an archive, as PyTorch wrote before 1.6; load and save it anew")
        } else {
            let file = try SafetensorsFile(path)
            self.init(tensors: file.tensors, skipped: file.skipped, metadata: file.metadata, files: [path])
        }
    }

    /// Reads the first of the named files that a folder has. Throws `ArchiveError.missingFile` for the first name.
    public init(folder: String, anyOf names: [String]) throws {
        let paths = names.map { folder + "/" + $0 }
        guard let path = paths.first(where: { FileManager.default.fileExists(atPath: $0) }) ?? paths.first else {
            throw ArchiveError.missingFile(folder)
        }
        self = try NamedTensors(reading: path)
    }

    private static func beginning(of path: String) throws -> [UInt8] {
        guard let file = fopen(path, "rb") else { throw ArchiveError.system(errno, path, writing: false) }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 9)
        let count = fread(&bytes, 1, bytes.count, file)
        guard ferror(file) == 0 else { throw ArchiveError.system(errno, path, writing: false) }
        return Array(bytes.prefix(count))
    }
}

/// The index of a checkpoint in several files: which file holds which tensor.
struct ShardIndex {
    private let path: String
    private let files: [String: String]

    private struct Content: Decodable {
        let weight_map: [String: String]
    }

    init(_ path: String) throws {
        self.path = path
        files = try JSONFile.read(Content.self, path, expected: "an index of a checkpoint's files").weight_map
        for file in Set(files.values).sorted() where !Self.isPlain(file) {
            throw ArchiveError.unreadable(path, reason: "it names the file \"\(file)\", which is not in its own folder")
        }
    }

    /// A name in the folder of the index, and nothing that leads out of it or to another index.
    private static func isPlain(_ name: String) -> Bool {
        !name.isEmpty && !name.hasSuffix(".index.json") && !name.hasPrefix(".")
            && !name.utf8.contains { $0 == UInt8(ascii: "/") || $0 == 0 }
    }

    func tensors() throws -> NamedTensors {
        let folder = (path as NSString).deletingLastPathComponent
        var tensors: [String: Tensor] = [:]
        var skipped: [String: String] = [:]
        let names = Set(files.values).sorted()
        for name in names {
            let shard = try NamedTensors(reading: folder + "/" + name)
            for tensor in Set(shard.tensors.keys).union(shard.skipped.keys) where files[tensor] != name {
                throw ArchiveError.unreadable(
                    path, reason: "it does not say that \(name) holds the tensor \(tensor); download both again")
            }
            tensors.merge(shard.tensors) { $1 }
            skipped.merge(shard.skipped) { $1 }
        }
        if let missing = files.keys.filter({ tensors[$0] == nil && skipped[$0] == nil }).min() {
            throw ArchiveError.unreadable(
                path, reason: "\(files[missing] ?? "a file") does not hold the tensor \(missing); download both again")
        }
        return NamedTensors(
            tensors: tensors, skipped: skipped, files: names.map { folder + "/" + $0 })
    }
}
