internal import CHDF5
internal import Foundation
internal import Tensors

extension HDF5File {
    /// A list of strings, of variable or fixed length. Throws where one is not UTF-8.
    public func strings(_ name: String) throws -> [String] {
        try withHandles { handles in
            let dataset = try open(name, handles)
            guard H5Tget_class(dataset.type) == H5T_STRING else {
                let found = HDF5Types.name(of: dataset.type)
                throw ArchiveError.elementType("\(name) in \(path)", expected: "text", found: found)
            }
            return try texts(count: dataset.shape.count, dataset.type, name, handles) { type, buffer in
                H5Dread(dataset.id, type, proclip_H5S_ALL(), proclip_H5S_ALL(), proclip_H5P_DEFAULT(), buffer)
            }
        }
    }

    /// Writes a list of strings as variable-length UTF-8.
    public func write(_ strings: [String], at name: String) throws {
        try withCStrings(strings, name) { pointers in
            try withHandles { handles in
                try write(pointers, [strings.count], HDF5Types.text(handles), at: name, .contiguous, handles)
            }
        }
    }

    // MARK: Parts, shared with attributes

    /// Decodes `count` strings that `read` delivers into a buffer of the memory type that it is handed.
    func texts(
        count: Int, _ stored: hid_t, _ name: String, _ handles: HDF5Handles,
        read: (hid_t, UnsafeMutableRawPointer) -> herr_t
    ) throws -> [String] {
        if count == 0 { return [] }
        if H5Tis_variable_str(stored) == 0 {
            let width = H5Tget_size(stored)
            var buffer = [UInt8](repeating: 0, count: count * width)
            try buffer.withUnsafeMutableBytes { target in
                guard let start = target.baseAddress else { return }
                try check("reading \(name) failed") { read(stored, start) }
            }
            return try (0..<count).map { index in
                try decoded(buffer[index * width..<(index + 1) * width].prefix { $0 != 0 }, index, name)
            }
        }
        var heap = try globalHeap(handles)
        let reference = heap.referenceSize
        let type = handles.keep(
            try check("reading \(name) failed") {
                referencesAreRegistered ? proclip_hdf5_references(reference) : -1
            }, H5Tclose)
        var buffer = [UInt8](repeating: 0, count: count * reference)
        return try buffer.withUnsafeMutableBytes { target in
            guard let start = target.baseAddress else { return [] }
            try check("reading \(name) failed") { read(type, start) }
            let references = UnsafeRawBufferPointer(target)
            return try (0..<count).map { index in
                let place = index * reference..<(index + 1) * reference
                let text: UnsafeRawBufferPointer
                do throws(GlobalHeap.Damage) {
                    text = try heap.text(UnsafeRawBufferPointer(rebasing: references[place]))
                } catch {
                    throw ArchiveError.unreadable(path, reason: "entry \(index) of \(name): \(error.description)")
                }
                return try decoded(text.prefix { $0 != 0 }, index, name)
            }
        }
    }

    private func decoded(_ bytes: some Sequence<UInt8>, _ index: Int, _ name: String) throws -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ArchiveError.unreadable(path, reason: "entry \(index) of \(name) is not UTF-8")
        }
        return text
    }

    /// The texts of variable length of this file.
    private func globalHeap(_ handles: HDF5Handles) throws -> GlobalHeap {
        let file = try identifier
        let creation = handles.keep(
            try check("reading its superblock failed") { H5Fget_create_plist(file) }, H5Pclose)
        var (addressSize, lengthSize, base) = (0, 0, hsize_t(0))
        try check("reading its superblock failed") { H5Pget_sizes(creation, &addressSize, &lengthSize) }
        try check("reading its superblock failed") { H5Pget_userblock(creation, &base) }
        guard [2, 4, 8].contains(addressSize), [2, 4, 8].contains(lengthSize), let base = Int(exactly: base) else {
            throw ArchiveError.unreadable(path, reason: "its addresses are of an unknown size")
        }
        return GlobalHeap(bytes: try mapped().bytes, base: base, addressSize: addressSize, lengthSize: lengthSize)
    }

    /// Hands over the strings as an array of C strings, which is what variable-length text is in memory.
    func withCStrings<Result>(
        _ strings: [String], _ name: String, _ body: (UnsafeRawPointer?) throws -> Result
    ) throws -> Result {
        if let index = strings.firstIndex(where: { $0.utf8.contains(0) }) {
            throw ArchiveError.unwritable(path, reason: "entry \(index) of \(name) holds a zero byte")
        }
        var storage: [UInt8] = []
        let offsets = strings.map { string in
            defer { storage += string.utf8 + [0] }
            return storage.count
        }
        return try storage.withUnsafeBytes { bytes in
            let pointers = offsets.map { offset in bytes.baseAddress.map { $0 + offset } }
            return try pointers.withUnsafeBytes { try body($0.baseAddress) }
        }
    }
}

/// The library hands over references to texts once it knows how.
let referencesAreRegistered = proclip_hdf5_register_references() >= 0
