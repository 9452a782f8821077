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
    /// Throws `ArchiveError.diskFull`, or `.unwritable` (also for what is no file), or what `write` throws.
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
        try makeFolder(folder.path, for: path)
        try requireFile(target.path, path)
        TemporaryName.removeLeftovers(of: target.path)
        let temporary = TemporaryName.make(for: target.path)
        do {
            do {
                try write(temporary)
            } catch ArchiveError.diskFull(temporary) {
                throw ArchiveError.diskFull(path)
            } catch ArchiveError.unwritable(temporary, let reason) {
                throw ArchiveError.unwritable(path, reason: reason)
            }
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

    /// Throws what `replace` would throw before it writes, so that long work need not end in vain: `path` is no file, or
    /// its folder is not writable and cannot be made. Nothing is made or changed.
    public static func check(_ path: String) throws(ArchiveError) {
        let target = URL(fileURLWithPath: path).resolvingSymlinksInPath()
        try requireFile(target.path, path)
        let wanted = target.deletingLastPathComponent()
        var folder = wanted
        while access(folder.path, F_OK) != 0, folder.path != "/" { folder.deleteLastPathComponent() }
        var status = stat()
        guard stat(folder.path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw folderCannotBeMade(wanted.path, for: path)
        }
        guard access(folder.path, W_OK | X_OK) == 0 else {
            let reason = String(cString: strerror(errno))
            throw .unwritable(path, reason: "the folder \(folder.path) cannot be written to: \(reason)")
        }
    }

    private static func requireFile(_ target: String, _ path: String) throws(ArchiveError) {
        var present = stat()
        guard stat(target, &present) == 0, present.st_mode & S_IFMT != S_IFREG else { return }
        let isFolder = present.st_mode & S_IFMT == S_IFDIR
        throw .unwritable(path, reason: "it is \(isFolder ? "a folder" : "no ordinary file")")
    }

    private static func folderCannotBeMade(_ folder: String, for path: String) -> ArchiveError {
        .unwritable(path, reason: "the folder \(folder) cannot be made")
    }

    /// Makes a folder, and those on the way to it, for `path` (by default itself). Throws `ArchiveError.unwritable`.
    public static func makeFolder(_ folder: String, for path: String? = nil) throws {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw folderCannotBeMade(folder, for: path ?? folder)
        }
    }

    private static func synchronise(_ path: String, reporting target: String) throws {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { throw ArchiveError.system(errno, target, writing: true) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw ArchiveError.system(errno, target, writing: true) }
    }
}
