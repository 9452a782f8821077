internal import Archive
internal import Foundation
public import Tensors
public import Towers

/// Vectors that were computed before, in the place of the language model that made them: it knows the texts that they are of,
/// and no others. So a model that is too large for this machine, or for 30 million captions, can teach here.
public struct StoredEmbedder: TextEmbedder {
    public let name: String
    /// Of vectors and texts.
    public let hash: String
    public let preprocessing: EmbedderPreprocessing
    public let dimension: Int
    public let files: [String]
    /// [N, d]
    private let vectors: Tensor
    private let rows: [String: Int]

    /// The ending of LLM2CLIP's files beside webdataset shards.
    static let shardEnding = "_text_embeddings.tar"

    /// The files of vectors at a path: it itself, or those of LLM2CLIP in a folder, sorted; empty where there are none.
    public static func files(at path: String) -> [String] {
        if path.hasSuffix(shardEnding) { return [path] }
        if path.hasSuffix(".h5") {
            return (try? HDF5File(reading: path).attributes()["kind"]?.text) == "embeddings" ? [path] : []
        }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.filter { $0.hasSuffix(shardEnding) }.sorted().map { "\(path)/\($0)" }
    }

    /// - `files`: what `save` wrote of embeddings of texts (.h5), or LLM2CLIP's files, each beside its shard.
    ///
    /// Throws `ArchiveError`.
    public init(name: String, files: [String]) throws {
        let parts = try files.map { try LabelledEmbeddings(reading: $0) }
        guard let first = parts.first, let file = files.first else {
            throw ArchiveError.foreign(name, expected: "a file of embeddings")
        }
        dimension = first.vectors.shape[1]
        var (texts, rows, values): ([String], [String: Int], [Float]) = ([], [:], [])
        for (path, part) in zip(files, parts) {
            guard part.role == .texts, part.vectors.shape[1] == dimension else {
                throw ArchiveError.unreadable(
                    path,
                    reason: part.role == .texts
                        ? "its vectors have \(part.vectors.shape[1]) values, those of \(file) \(dimension)"
                        : "it holds embeddings of pictures, not of texts")
            }
            for (row, text) in try Self.texts(of: part, path).enumerated() where rows[text] == nil {
                rows[text] = texts.count
                texts.append(text)
                values += part.vectors.rows(row..<row + 1).values
            }
        }
        (self.name, self.files, self.rows) = (name, files, rows)
        let vectors = Tensor(values, shape: [texts.count, first.vectors.shape[1]])
        self.vectors = vectors
        preprocessing = EmbedderPreprocessing(
            tokens: first.description["preprocessing"] ?? first.model,
            pooling: first.description["pooling"] ?? "unknown",
            normalisation: first.description["normalisation"] ?? "unknown")
        let numbers = withExtendedLifetime(vectors) { SHA256Hash.of(bytes: vectors.rawBytes) }
        hash = SHA256Hash.of(bytes: Data((texts + [numbers]).joined(separator: "\0").utf8))
    }

    /// What each vector is of: a label says it, or names a caption of the shard beside the file.
    private static func texts(of part: LabelledEmbeddings, _ path: String) throws -> [String] {
        guard path.hasSuffix(shardEnding) else { return part.labels.map(plain) }
        let shard = try CaptionShard(String(path.dropLast(shardEnding.count)) + ".tar")
        let named = Dictionary(zip(shard.names.map { $0.lowercased() }, shard.texts), uniquingKeysWith: { a, _ in a })
        return try part.labels.map { label in
            guard let text = named[label.lowercased()] else {
                throw ArchiveError.unreadable(path, reason: "the shard beside it has no \(label)")
            }
            return plain(text)
        }
    }

    /// As captions are read.
    private static func plain(_ text: String) -> String { text.trimmingCharacters(in: .whitespacesAndNewlines) }

    /// Throws `EmbeddingError.unknown` for a text without a vector.
    public func embed(_ texts: [String], _ done: (_ batch: [Int], _ vectors: Tensor) throws -> Void) throws {
        let found = try texts.map { text in
            guard let row = rows[Self.plain(text)] else { throw EmbeddingError.unknown(text: text, model: name) }
            return row
        }
        try done(Array(texts.indices), vectors.gathering(rows: found))
    }
}
