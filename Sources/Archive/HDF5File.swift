internal import CHDF5
internal import Foundation
internal import Tensors

/// An HDF5 file, open for reading or being written. Paths are those of the file: `captions/en/text`.
///
/// A file that is written is not complete before `close()`: write to the temporary path of `AtomicWrite.replace`.
/// All failures are `ArchiveError`; the library prints nothing.
public final class HDF5File {
    /// The first bytes of every such file.
    static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]

    public let path: String
    let isWriting: Bool
    private var file: hid_t?
    /// Why the file cannot be written; everything after that is in vain.
    private var failure: (any Error)?
    private var mapping: MappedFile?

    /// Opens an existing file. Throws `missingFile`, `foreign` or `truncated`.
    public init(reading path: String) throws {
        self.path = path
        isWriting = false
        guard FileManager.default.fileExists(atPath: path) else { throw ArchiveError.missingFile(path) }
        proclip_hdf5_silence()
        guard H5Fis_hdf5(path) > 0 else { throw ArchiveError.foreign(path, expected: "an HDF5 file") }
        // For the trial as for this process.
        _ = referencesAreRegistered
        if proclip_hdf5_crashes(path) != 0 {
            throw ArchiveError.unreadable(path, reason: "it is damaged; copy, download or write it again")
        }
        file = try hdf5(path, writing: false, "opening it failed") {
            H5Fopen(path, proclip_H5F_ACC_RDONLY(), proclip_H5P_DEFAULT())
        }
    }

    /// Makes a new file, or empties an existing one. Equal content gives equal bytes: no times are stored.
    public init(writing path: String) throws {
        self.path = path
        isWriting = true
        proclip_hdf5_silence()
        file = try withHandles { handles in
            let access = handles.keep(H5Pcreate(proclip_H5P_FILE_ACCESS()), H5Pclose)
            // Datasets begin at multiples of 64 bytes, so that mapped rows suit vector loads.
            H5Pset_alignment(access, 1, 64)
            H5Pset_small_data_block_size(access, 0)
            // The oldest format in which everything but the data has a checksum.
            H5Pset_libver_bounds(access, H5F_LIBVER_V110, H5F_LIBVER_V110)
            let creation = handles.keep(H5Pcreate(proclip_H5P_FILE_CREATE()), H5Pclose)
            proclip_hdf5_plain_group(creation)
            return try hdf5(path, writing: true, "making it failed") {
                H5Fcreate(path, proclip_H5F_ACC_TRUNC(), creation, access)
            }
        }
    }

    deinit { try? close() }

    /// Writes out everything that is pending and closes the file. Mapped tensors stay valid.
    public func close() throws {
        guard let file else { return }
        if isWriting, failure == nil {
            _ = try? check("writing it out failed") { H5Fflush(file, H5F_SCOPE_GLOBAL) }
        }
        self.file = nil
        try check("closing it failed") { H5Fclose(file) }
        if let failure { throw failure }
    }

    // MARK: What the file holds

    public func contains(_ name: String) -> Bool {
        guard let file else { return false }
        proclip_hdf5_silence()
        // Every step of the path has to exist before the next may be asked for.
        var parts = ""
        for part in name.split(separator: "/") {
            parts += parts.isEmpty ? String(part) : "/" + part
            if H5Lexists(file, parts, proclip_H5P_DEFAULT()) <= 0 { return false }
        }
        return true
    }

    /// The names directly below a group, sorted.
    public func children(of group: String = "/") throws -> [String] {
        try withHandles { handles in try names(in: openGroup(group, handles)).map(\.name) }
    }

    /// The paths of all datasets below a group, sorted; each path starts at the root.
    public func datasets(below group: String = "/") throws -> [String] {
        try datasets(below: group, depth: 0).sorted()
    }

    private func datasets(below group: String, depth: Int) throws -> [String] {
        guard depth < 64 else { throw ArchiveError.unreadable(path, reason: "its groups are nested too deeply") }
        let children = try withHandles { handles in try names(in: openGroup(group, handles)) }
        return try children.flatMap { child -> [String] in
            let name = group == "/" || group.isEmpty ? child.name : group + "/" + child.name
            return child.isGroup ? try datasets(below: name, depth: depth + 1) : [name]
        }
    }

    private func openGroup(_ group: String, _ handles: HDF5Handles) throws -> hid_t {
        let id = try identifier
        return handles.keep(
            try check("there is no group \(group)") {
                H5Gopen2(id, group.isEmpty ? "/" : group, proclip_H5P_DEFAULT())
            },
            H5Gclose)
    }

    private func names(in group: hid_t) throws -> [(name: String, isGroup: Bool)] {
        var info = H5G_info_t()
        try check("listing a group failed") { H5Gget_info(group, &info) }
        return try (0..<info.nlinks).map { index in
            let length = try check("listing a group failed") {
                H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, index, nil, 0, proclip_H5P_DEFAULT())
            }
            var name = [CChar](repeating: 0, count: length + 1)
            try check("listing a group failed") {
                H5Lget_name_by_idx(
                    group, ".", H5_INDEX_NAME, H5_ITER_INC, index, &name, length + 1, proclip_H5P_DEFAULT())
            }
            let isGroup = try withHandles { handles in
                let object = handles.keep(
                    try check("a link leads nowhere") { H5Oopen(group, name, proclip_H5P_DEFAULT()) }, H5Oclose)
                return H5Iget_type(object) == H5I_GROUP
            }
            return (String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self), isGroup)
        }
    }

    // MARK: For the extensions

    /// The open file's identifier.
    var identifier: hid_t {
        get throws {
            guard let file else { throw ArchiveError.unreadable(path, reason: "it is closed already") }
            return file
        }
    }

    @discardableResult
    func check<Result: SignedInteger>(_ action: String, _ call: () -> Result) throws -> Result {
        do {
            return try hdf5(path, writing: isWriting, action, call)
        } catch {
            if isWriting, failure == nil, let file {
                failure = error
                proclip_hdf5_give_up(file)
            }
            throw error
        }
    }

    /// The whole file mapped: the very file that is open, even where its name was given to another one since.
    func mapped() throws -> MappedFile {
        if let mapping { return mapping }
        let id = try identifier
        var pointer: UnsafeMutableRawPointer?
        try check("mapping it failed") { H5Fget_vfd_handle(id, proclip_H5P_DEFAULT(), &pointer) }
        guard let pointer else { throw ArchiveError.unreadable(path, reason: "it cannot be mapped") }
        let made = try MappedFile(descriptor: pointer.load(as: Int32.self), path: path)
        mapping = made
        return made
    }
}
