internal import Archive
internal import Foundation
public import Tensors

/// Embeddings with what each of them is of, and the model that made them.
public struct LabelledEmbeddings {
    /// What the labels are.
    public enum Role: String, Sendable {
        case texts, paths
    }

    /// How embeddings are written, named by the ending of the file.
    public enum Format: String, CaseIterable, Sendable {
        /// `/embeddings` and `/texts` or `/paths`, with attributes that name the model and how it was applied.
        case hdf5 = "h5"
        /// The matrix alone, for NumPy.
        case npy
        /// A row an embedding: the label, then the values.
        case csv
        /// LLM2CLIP's file beside a webdataset shard, whose labels name a sample and its short or long caption.
        case tar
    }

    /// [N, d]
    public let vectors: Tensor
    public let labels: [String]
    public let role: Role
    public let model: String
    /// Attributes beside `model`: its hash, preprocessing, pooling, normalisation.
    public let description: [String: String]

    public init(vectors: Tensor, labels: [String], role: Role, model: String, description: [String: String]) {
        requireShape(
            vectors.shape.rank == 2 && vectors.shape[0] == labels.count, "embeddings",
            expected: "a vector for each of \(labels.count) \(role.rawValue)", vectors.shape)
        (self.vectors, self.labels, self.role) = (vectors, labels, role)
        (self.model, self.description) = (model, description)
    }

    private static let contentKey = "content_sha256"

    /// Reads a file that `write` wrote as HDF5 or tar. Throws `ArchiveError` where it is none, or damaged.
    public init(reading path: String) throws {
        if path.lowercased().hasSuffix("." + Format.tar.rawValue) {
            self = try TextEmbeddingShard.read(path)
            return
        }
        let file = try HDF5File(reading: path)
        var attributes = try file.attributes().mapValues(\.text)
        guard attributes["kind"] == "embeddings", let model = attributes.removeValue(forKey: "model") else {
            throw ArchiveError.foreign(path, expected: "a file of embeddings")
        }
        let sum = attributes.removeValue(forKey: Self.contentKey)
        let role: Role = file.contains(Role.paths.rawValue) ? .paths : .texts
        let labels = try file.strings(role.rawValue)
        let vectors = try file.tensor("embeddings")
        try file.close()
        guard vectors.elementType == .float32, vectors.shape.rank == 2, vectors.shape[0] == labels.count else {
            throw ArchiveError.unreadable(path, reason: "it does not hold a vector for each of its \(role.rawValue)")
        }
        self.init(vectors: vectors, labels: labels, role: role, model: model, description: attributes)
        guard sum == contentHash else {
            throw ArchiveError.unreadable(path, reason: "its content does not match its checksum")
        }
    }

    /// Of labels, numbers and how they were made: model, preprocessing, pooling, normalisation. The model's name is left
    /// out: the same weights may bear another.
    private var contentHash: String {
        let numbers = withExtendedLifetime(vectors) { SHA256Hash.of(bytes: vectors.rawBytes) }
        let lines = description.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        return SHA256Hash.of(bytes: Data((labels + lines + [numbers]).joined(separator: "\0").utf8))
    }

    /// Writes a file, whole or not at all. Throws `ArchiveError`.
    public func write(to path: String, as format: Format) throws {
        switch format {
        case .hdf5: try writeHDF5(path)
        case .npy: try AtomicWrite.replace(path, with: npy)
        case .csv: try AtomicWrite.replace(path, with: csv)
        case .tar: try TextEmbeddingShard.write(self, to: path)
        }
    }

    private func writeHDF5(_ path: String) throws {
        try AtomicWrite.replace(path) { temporary in
            let file = try HDF5File(writing: temporary)
            try file.setAttribute("model", to: .text(model))
            try file.setAttribute(Self.contentKey, to: .text(contentHash))
            for (name, value) in description.sorted(by: { $0.key < $1.key }) {
                try file.setAttribute(name, to: .text(value))
            }
            try file.write(vectors, at: "embeddings")
            try file.write(labels, at: role.rawValue)
            try file.close()
        }
    }

    /// Version 1.0 of the format, numpy.org/doc/stable/reference/generated/numpy.lib.format.html.
    private var npy: Data {
        let (rows, columns) = (vectors.shape[0], vectors.shape[1])
        let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(rows), \(columns)), }"
        // Magic, version and length take 10 bytes; the data begin at a multiple of 64.
        let length = (10 + header.utf8.count + 1 + 63) / 64 * 64 - 10
        let padding = String(repeating: " ", count: length - header.utf8.count - 1)
        var bytes = Data([0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 255), UInt8(length >> 8)])
        bytes += Data((header + padding + "\n").utf8)
        withExtendedLifetime(vectors) { bytes += vectors.rawBytes }
        return bytes
    }

    /// RFC 4180; the shortest decimals that give the same float32 again.
    private var csv: Data {
        let columns = vectors.shape[1]
        let label = role == .texts ? "text" : "path"
        let head = ([label] + (0..<columns).map { "v\($0)" }).joined(separator: ",")
        let values = vectors.values
        let rows = labels.enumerated().map { index, label in
            let quoted = "\"" + label.replacingOccurrences(of: "\"", with: "\"\"") + "\""
            let row = values[index * columns..<(index + 1) * columns]
            return quoted + "," + row.map { "\($0)" }.joined(separator: ",")
        }
        return Data(([head] + rows).joined(separator: "\r\n").utf8 + Array("\r\n".utf8))
    }
}
