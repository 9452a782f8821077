internal import Archive
internal import Inputs

/// The captions of a webdataset shard as LLM2CLIP uses them: a short and a long one for each sample, in its order.
///
/// The captions are `shortSV_captions` and `longSV_captions` of the JSON; where they are missing, its `caption` or the text
/// file serves as both.
public struct CaptionShard: Sendable {
    /// `KEY.shortSV_captions` and `KEY.longSV_captions` for each sample: the members of LLM2CLIP's file of embeddings.
    public let names: [String]
    /// A text for each name.
    public let texts: [String]

    /// Throws `ArchiveError` where the file is damaged or a sample has no caption.
    public init(_ path: String) throws {
        let shard = try WebdatasetShard(path)
        var (names, texts): ([String], [String]) = ([], [])
        for key in shard.keys {
            guard let (short, long) = try Self.captions(shard, key) else {
                throw ArchiveError.unreadable(
                    path, reason: "its sample \(key) has no caption (\(key).json or \(key).txt)")
            }
            names += TextEmbeddingShard.endings.map { "\(key).\($0)" }
            texts += [short, long]
        }
        guard !names.isEmpty else { throw ArchiveError.unreadable(path, reason: "it holds no sample") }
        (self.names, self.texts) = (names, texts)
    }

    private static func captions(_ shard: WebdatasetShard, _ key: String) throws -> (String, String)? {
        let description = try shard.description(key)
        func caption(_ key: String) -> String? { description?[key]?.text ?? description?[key]?.array?.first?.text }
        let usual = try caption("caption") ?? shard.text(key, "txt")
        guard let short = caption("shortSV_captions") ?? usual else { return nil }
        return (short, caption("longSV_captions") ?? usual ?? short)
    }
}
