public import Archive
internal import Foundation

/// A webdataset shard: a sample is what shares the beginning of a member's name up to its first dot, such as `KEY.jpg`,
/// `KEY.json` and `KEY.txt`.
public struct WebdatasetShard: Sendable {
    public let archive: TarArchive
    /// The samples, in their order.
    public let keys: [String]
    /// For each key the name of the member by what follows the dot, in lower case.
    private let members: [String: [String: String]]

    /// No description of a picture is longer.
    private static let longest = 16_000_000

    /// Throws `ArchiveError`.
    /// - `sparing`: whether the samples before a damage are kept.
    public init(_ path: String, sparing: Bool = false) throws {
        archive = try TarArchive(path, sparing: sparing)
        var (keys, members): ([String], [String: [String: String]]) = ([], [:])
        for name in archive.names {
            let (key, ending) = Self.parts(of: name)
            if members[key] == nil { keys.append(key) }
            members[key, default: [:]][ending] = name
        }
        (self.keys, self.members) = (keys, members)
    }

    /// The key of a member's sample, and what follows its dot, in lower case.
    public static func parts(of name: String) -> (key: String, ending: String) {
        let start = name.lastIndex(of: "/").map(name.index(after:)) ?? name.startIndex
        guard let dot = name[start...].firstIndex(of: ".") else { return (name, "") }
        return (String(name[..<dot]), name[name.index(after: dot)...].lowercased())
    }

    /// The name of a sample's member; nil where it has none with that ending.
    public func member(_ key: String, _ ending: String) -> String? { members[key]?[ending] }

    /// A member that is text. Throws `ArchiveError`.
    public func text(_ key: String, _ ending: String) throws -> String? {
        try bytes(key, ending).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The sample's JSON; nil where it has none or it is none.
    public func description(_ key: String) throws -> JSONTree? {
        try bytes(key, "json").flatMap { try? JSONDecoder().decode(JSONTree.self, from: Data($0)) }
    }

    private func bytes(_ key: String, _ ending: String) throws -> [UInt8]? {
        try member(key, ending).map { try archive.bytes($0, atMost: Self.longest) }
    }
}
