internal import CHDF5
internal import Foundation

/// The HDF5 identifiers that one operation opens; all are closed, newest first, when it ends.
final class HDF5Handles {
    private var open: [(id: hid_t, close: (hid_t) -> herr_t)] = []

    /// Keeps an identifier and returns it.
    func keep(_ id: hid_t, _ close: @escaping (hid_t) -> herr_t) -> hid_t {
        open.append((id, close))
        return id
    }

    fileprivate func closeAll() {
        proclip_hdf5_silence()
        for handle in open.reversed() { _ = handle.close(handle.id) }
        open.removeAll()
    }
}

/// Runs one operation with a set of identifiers of its own.
func withHandles<Result>(_ body: (HDF5Handles) throws -> Result) rethrows -> Result {
    let handles = HDF5Handles()
    defer { handles.closeAll() }
    return try body(handles)
}

/// One call into the HDF5 library: a negative result becomes an `ArchiveError` with the library's innermost reason.
@discardableResult
func hdf5<Result: SignedInteger>(
    _ path: String, writing: Bool, _ action: String, _ call: () -> Result
) throws -> Result {
    proclip_hdf5_silence()
    let result = call()
    if result >= 0 { return result }
    var text = [CChar](repeating: 0, count: 512)
    proclip_hdf5_reason(&text)
    let reason = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    if reason.contains("errno = \(ENOSPC),") || reason.contains("errno = \(EDQUOT),") {
        throw ArchiveError.diskFull(path)
    }
    if reason.contains("truncated file") || reason.contains("addr overflow") { throw ArchiveError.truncated(path) }
    let sentence = reason.isEmpty ? action : "\(action): \(reason)"
    throw writing ? ArchiveError.unwritable(path, reason: sentence) : ArchiveError.unreadable(path, reason: sentence)
}
