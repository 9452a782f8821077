public import Foundation

/// Small JSON files that come from elsewhere, read into a type of their own.
public enum JSONFile {
    /// More than this is no configuration; the largest tokenizers have some 40 MB.
    private static let limit = 256_000_000

    /// - `expected`: what the file should be, such as "the config.json of a CLIP".
    ///
    /// Throws `ArchiveError.missingFile`, `.unreadable`, or `.foreign` for other content.
    public static func read<Content: Decodable>(_ type: Content.Type, _ path: String, expected: String) throws
        -> Content
    {
        let data = try bytes(path)
        do {
            return try JSONDecoder().decode(type, from: data)
        } catch let DecodingError.typeMismatch(_, context) {
            throw unreadable(path, expected, context)
        } catch let DecodingError.keyNotFound(key, context) {
            throw unreadable(path, expected, context, missing: key.stringValue)
        } catch {
            throw ArchiveError.foreign(path, expected: expected)
        }
    }

    /// Writes JSON with sorted keys, whole or not at all. Throws `ArchiveError`.
    public static func write(_ value: some Encodable, to path: String) throws {
        try AtomicWrite.replace(path, with: bytes(of: value))
    }

    /// The same as bytes.
    public static func bytes(of value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        return try encoder.encode(value) + Data("\n".utf8)
    }

    /// A file's bytes, of a bounded size.
    public static func bytes(_ path: String) throws -> Data {
        var status = stat()
        guard stat(path, &status) == 0 else { throw ArchiveError.system(errno, path, writing: false) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw ArchiveError.unreadable(path, reason: "it is not a regular file")
        }
        guard status.st_size <= limit else {
            throw ArchiveError.unreadable(path, reason: "its \(status.st_size) bytes are more than such a file has")
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ArchiveError.unreadable(path, reason: "it cannot be opened")
        }
        return data
    }

    private static func unreadable(
        _ path: String, _ expected: String, _ context: DecodingError.Context, missing: String? = nil
    ) -> ArchiveError {
        let place = (context.codingPath.map(\.stringValue) + (missing.map { [$0] } ?? [])).joined(separator: ".")
        if place.isEmpty { return .foreign(path, expected: expected) }
        return .unreadable(path, reason: missing == nil ? "its \(place) is of a wrong type" : "it lacks \(place)")
    }
}
