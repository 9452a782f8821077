internal import Archive
internal import Foundation

/// The captions of a webdataset shard as LLM2CLIP uses them: a short and a long one for each sample, in its order.
///
/// A sample is what shares the beginning of a member's name up to its first dot: `KEY.jpg`, `KEY.json`, `KEY.txt`. The
/// captions are `shortSV_captions` and `longSV_captions` of the JSON; where they are missing, its `caption` or the text
/// file serves as both.
public struct CaptionShard: Sendable {
    /// `KEY.shortSV_captions` and `KEY.longSV_captions` for each sample: the members of LLM2CLIP's file of embeddings.
    public let names: [String]
    /// A text for each name.
    public let texts: [String]

    /// No description of a picture is longer.
    private static let longest = 16_000_000

    /// Throws `ArchiveError` where the file is damaged or a sample has no caption.
    public init(_ path: String) throws {
        let archive = try TarArchive(path)
        var (keys, members): ([String], [String: [String: String]]) = ([], [:])
        for name in archive.names {
            let (key, ending) = Self.parts(of: name)
            if members[key] == nil { keys.append(key) }
            members[key, default: [:]][ending] = name
        }
        var (names, texts): ([String], [String]) = ([], [])
        for key in keys {
            guard let (short, long) = try Self.captions(members[key] ?? [:], archive) else {
                throw ArchiveError.unreadable(
                    path, reason: "its sample \(key) has no caption (\(key).json or \(key).txt)")
            }
            names += TextEmbeddingShard.endings.map { "\(key).\($0)" }
            texts += [short, long]
        }
        guard !names.isEmpty else { throw ArchiveError.unreadable(path, reason: "it holds no sample") }
        (self.names, self.texts) = (names, texts)
    }

    /// The key of a member's sample, and what follows its dot, in lower case.
    static func parts(of name: String) -> (key: String, ending: String) {
        let start = name.lastIndex(of: "/").map(name.index(after:)) ?? name.startIndex
        guard let dot = name[start...].firstIndex(of: ".") else { return (name, "") }
        return (String(name[..<dot]), name[name.index(after: dot)...].lowercased())
    }

    private static func captions(_ members: [String: String], _ archive: TarArchive) throws -> (String, String)? {
        func bytes(_ ending: String) throws -> [UInt8]? {
            guard let name = members[ending] else { return nil }
            return try archive.bytes(name, atMost: longest)
        }
        let description = try bytes("json").flatMap { try? JSONDecoder().decode(JSONTree.self, from: Data($0)) }
        func caption(_ key: String) -> String? { description?[key]?.text ?? description?[key]?.array?.first?.text }
        let usual = try caption("caption") ?? bytes("txt").map { String(decoding: $0, as: UTF8.self) }
        guard let short = caption("shortSV_captions") ?? usual else { return nil }
        return (short, caption("longSV_captions") ?? usual ?? short)
    }
}
