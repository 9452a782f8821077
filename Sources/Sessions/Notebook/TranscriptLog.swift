import Foundation

/// A file to which statements are added as they succeed; it is a recipe at any time.
struct TranscriptLog {
    let path: String

    /// Begins the file, or goes on where there is one.
    init(_ path: String) throws {
        self.path = path
        if !FileManager.default.fileExists(atPath: path) { try Data().write(to: URL(filePath: path)) }
    }

    func append(_ text: String) throws {
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        defer { try? file.close() }
        try file.seekToEnd()
        try file.write(contentsOf: Data(text.utf8))
    }
}
