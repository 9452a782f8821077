public import Foundation

/// Whole files or none: a file is written under a temporary name in its folder, synchronised and renamed, so a reader
/// (or a process killed at any point) sees either the previous file or the new one.
public enum AtomicWrite {
    /// The points between the steps, for tests that stop the process there.
    package enum Boundary: String, CaseIterable {
        case temporaryWritten, temporarySynchronised, renamed, folderSynchronised
    }

    /// Lets `write` fill a temporary file, then puts it in the place of `path`. Missing folders are made.
    /// Where `write` throws, the temporary file is removed and `path` keeps what it held.
    /// Throws `ArchiveError.diskFull` or `.unwritable`, or what `write` throws.
    public static func replace(_ path: String, write: (_ temporaryPath: String) throws -> Void) throws {
        try replace(path, at: { _ in }, write: write)
    }

    /// The same for a file whose bytes are at hand.
    public static func replace(_ path: String, with bytes: Data) throws {
        try replace(path) { temporary in
            guard let file = fopen(temporary, "wb") else { throw ArchiveError.system(errno, path, writing: true) }
            let written = bytes.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) }
            let failure = errno
            guard fclose(file) == 0, written == bytes.count else {
                throw ArchiveError.system(written == bytes.count ? errno : failure, path, writing: true)
            }
        }
    }

    package static func replace(
        _ path: String, at boundary: (Boundary) -> Void, write: (_ temporaryPath: String) throws -> Void
    ) throws {
        let target = URL(fileURLWithPath: path).resolvingSymlinksInPath()
        let folder = target.deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw ArchiveError.unwritable(path, reason: "the folder \(folder.path) cannot be made")
        }
        removeLeftovers(of: target, in: folder)
        let temporary = folder.appendingPathComponent(temporaryName(for: target)).path
        do {
            try write(temporary)
            boundary(.temporaryWritten)
            try synchronise(temporary, reporting: path)
            boundary(.temporarySynchronised)
            guard rename(temporary, target.path) == 0 else { throw ArchiveError.system(errno, path, writing: true) }
        } catch {
            unlink(temporary)
            throw error
        }
        boundary(.renamed)
        try synchronise(folder.path, reporting: path)
        boundary(.folderSynchronised)
    }

    private static func synchronise(_ path: String, reporting target: String) throws {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { throw ArchiveError.system(errno, target, writing: true) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw ArchiveError.system(errno, target, writing: true) }
    }

    // A temporary name is `.NAME.tmp-PID-RANDOM`: hidden, and it tells whether its writer still lives.
    private static func prefix(of target: URL) -> String { ".\(target.lastPathComponent).tmp-" }

    private static func temporaryName(for target: URL) -> String {
        prefix(of: target) + "\(getpid())-" + String(UInt32.random(in: 0...UInt32.max), radix: 16)
    }

    /// Removes what killed processes left behind for this target.
    private static func removeLeftovers(of target: URL, in folder: URL) {
        let prefix = prefix(of: target)
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        where name.hasPrefix(prefix) {
            let writer = name.dropFirst(prefix.count).prefix { $0 != "-" }
            guard let process = pid_t(writer), kill(process, 0) != 0, errno == ESRCH else { continue }
            unlink(folder.appendingPathComponent(name).path)
        }
    }
}
