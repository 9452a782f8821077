internal import Foundation

/// A whole file mapped copy-on-write: it stays readable when the file is replaced by rename, and what is written into
/// the memory never reaches the file. Nothing here writes, so threads may share it.
final class MappedFile: @unchecked Sendable {
    let bytes: UnsafeRawBufferPointer

    convenience init(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ArchiveError.system(errno, path, writing: false) }
        defer { close(descriptor) }
        try self.init(descriptor: descriptor, path: path)
    }

    /// Maps an open file; the descriptor may be closed afterwards.
    init(descriptor: Int32, path: String) throws {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw ArchiveError.system(errno, path, writing: false) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw ArchiveError.unreadable(path, reason: "it is not a regular file")
        }
        let count = Int(status.st_size)
        if count == 0 {
            bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        guard let start = mmap(nil, count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE, descriptor, 0),
            start != MAP_FAILED
        else {
            throw ArchiveError.system(errno, path, writing: false)
        }
        bytes = UnsafeRawBufferPointer(start: start, count: count)
    }

    deinit {
        if let start = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: start), bytes.count) }
    }
}
