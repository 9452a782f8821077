internal import Foundation

/// Whole texts, with errors that name where they come from.
public enum TextFile {
    /// A file's text. Throws `ArchiveError.missingFile`, `.unreadable`, or `.foreign` for what is no UTF-8.
    public static func read(_ path: String) throws(ArchiveError) -> String {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { throw ArchiveError.system(errno, path, writing: false) }
        defer { close(descriptor) }
        return try read(descriptor: descriptor, named: path)
    }

    /// What an open descriptor gives until its end.
    public static func read(descriptor: Int32, named name: String) throws(ArchiveError) -> String {
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &block, block.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw ArchiveError.system(errno, name, writing: false) }
            if count == 0 { break }
            bytes += block[..<count]
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ArchiveError.foreign(name, expected: "UTF-8 text")
        }
        return text
    }
}
