internal import Archive
internal import Foundation
public import Tensors
public import Towers

/// Texts with their embeddings in an HDF5 file: `/embeddings` float32 [N, d] and `/texts`, with attributes that name
/// the model, its hash and how it was applied.
public struct EmbeddingsFile {
    public let texts: [String]
    /// [N, d], mapped
    public let embeddings: Tensor

    /// Writes a file, whole or not at all. Throws `ArchiveError`.
    public static func write(
        _ path: String, texts: [String], embeddings: Tensor, of embedder: some TextEmbedder
    ) throws {
        requireShape(
            embeddings.shape == [texts.count, embedder.dimension], "embeddings file",
            expected: "a vector for each of \(texts.count) texts", embeddings.shape)
        let described = LabelledEmbeddings(
            vectors: embeddings, labels: texts, role: .texts, model: embedder.name,
            description: attributes(of: embedder))
        try described.write(to: path, as: .hdf5)
    }

    /// Reads a file that `embedder` wrote. Throws `ArchiveError` where it is damaged or another model's.
    public init(_ path: String, of embedder: some TextEmbedder) throws {
        let file = try LabelledEmbeddings(reading: path)
        guard file.description == Self.attributes(of: embedder), file.vectors.shape[1] == embedder.dimension else {
            throw ArchiveError.foreign(path, expected: "a file of embeddings by \(embedder.name) as it is now")
        }
        (texts, embeddings) = (file.labels, file.vectors)
    }

    /// What a vector depends on besides its text. The model's name is left out: the same weights may bear another.
    public static func attributes(of embedder: some TextEmbedder) -> [String: String] {
        let preprocessing = embedder.preprocessing
        return [
            "kind": "embeddings", "format_version": "2", "model_sha256": embedder.hash,
            "preprocessing": preprocessing.tokens, "pooling": preprocessing.pooling,
            "normalisation": preprocessing.normalisation,
        ]
    }
}
