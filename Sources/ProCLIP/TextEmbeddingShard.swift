internal import Archive
internal import Foundation
internal import Inputs
internal import Tensors

/// LLM2CLIP's embeddings of the texts of a webdataset shard `NAME.tar`, in `NAME_text_embeddings.tar` beside it: members
/// `KEY.shortSV_captions` and `KEY.longSV_captions` for each sample of the shard and in its order, each of them raw
/// float32 values, little-endian.
enum TextEmbeddingShard {
    static let endings = ["shortSV_captions", "longSV_captions"]

    /// Reads a file, its endings in whatever case. Throws `ArchiveError`.
    static func read(_ path: String) throws -> LabelledEmbeddings {
        let archive = try TarArchive(path)
        let names = archive.names.filter { name in
            let ending = WebdatasetShard.parts(of: name).ending
            return endings.contains { $0.lowercased() == ending }
        }
        guard let first = names.first else {
            throw ArchiveError.foreign(path, expected: "a file of text embeddings (KEY.shortSV_captions)")
        }
        let byteCount = try archive.bytes(first).count
        guard byteCount > 0, byteCount % 4 == 0 else {
            throw ArchiveError.unreadable(
                path, reason: "its member \(first) has \(byteCount) bytes, which are no float32 values")
        }
        var values: [Float] = []
        values.reserveCapacity(names.count * byteCount / 4)
        for name in names {
            let bytes = try archive.bytes(name)
            guard bytes.count == byteCount else {
                throw ArchiveError.unreadable(
                    path, reason: "its member \(name) has \(bytes.count) bytes, \(first) has \(byteCount)")
            }
            bytes.withUnsafeBytes { raw in
                for offset in stride(from: 0, to: byteCount, by: 4) {
                    let bits = UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
                    values.append(Float(bitPattern: bits))
                }
            }
        }
        let vectors = Tensor(values, shape: [names.count, byteCount / 4])
        guard vectors.isFinite else { throw ArchiveError.notFinite((path as NSString).lastPathComponent) }
        return LabelledEmbeddings(
            vectors: vectors, labels: names, role: .texts, model: "another program", description: [:])
    }

    /// Throws `ArchiveError.unwritable` for labels that are not those of a shard's captions.
    static func write(_ embeddings: LabelledEmbeddings, to path: String) throws {
        let (labels, vectors) = (embeddings.labels, embeddings.vectors)
        if let label = labels.first(where: { label in
            !endings.contains { label.lowercased().hasSuffix("." + $0.lowercased()) }
        }) {
            throw ArchiveError.unwritable(
                path,
                reason:
                    "such a file holds KEY.shortSV_captions and KEY.longSV_captions, not \"\(label.prefix(40))\"; embed a "
                    + "webdataset shard")
        }
        try TarArchive.write(path, names: labels) { index in
            vectors.rows(index..<index + 1).values.flatMap { value in
                withUnsafeBytes(of: value.bitPattern.littleEndian, Array.init)
            }
        }
    }
}
