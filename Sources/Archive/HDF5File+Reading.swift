internal import CHDF5
public import Tensors

extension HDF5File {
    /// The shape of a dataset.
    public func shape(of name: String) throws -> Shape {
        try withHandles { handles in try open(name, handles).shape }
    }

    /// A dataset of floating-point numbers: mapped where it is contiguous float32 or float16, else read
    /// (float64 becomes float32).
    public func tensor(_ name: String) throws -> Tensor {
        try withHandles { handles in
            let dataset = try open(name, handles)
            guard H5Tget_class(dataset.type) == H5T_FLOAT else { throw mismatch(dataset, "floating-point numbers") }
            if H5Tequal(dataset.type, Float.hdf5Type) > 0 { return try tensor(dataset, .float32, Float.hdf5Type) }
            let half = HDF5Types.float16(handles)
            if H5Tequal(dataset.type, half) > 0 { return try tensor(dataset, .float16, half) }
            return try tensor(dataset, .float32, Float.hdf5Type, mappable: false)
        }
    }

    /// A dataset of the given element type, or its rows `rows` of the first axis. Integers widen, they never narrow.
    public func array<Element: HDF5Scalar>(
        _ name: String, of element: Element.Type = Element.self, rows: Range<Int>? = nil
    ) throws -> [Element] {
        try withHandles { handles in
            let dataset = try open(name, handles)
            try requireScalars(dataset, element)
            let all = dataset.shape.rank == 0 ? 0..<1 : 0..<dataset.shape[0]
            let rows = rows ?? all
            guard rows.lowerBound >= 0, rows.upperBound <= all.upperBound else {
                throw ArchiveError.unreadable(path, reason: "\(name) has \(all.count) rows, \(rows) were asked for")
            }
            let count = all.isEmpty ? 0 : dataset.shape.count / all.count * rows.count
            if count == 0 { return [] }
            let spaces = try select(rows, of: dataset, handles)
            return try Array(unsafeUninitializedCapacity: count) { buffer, initialized in
                try check("reading \(name) failed") {
                    H5Dread(
                        dataset.id, element.hdf5Type, spaces.memory, spaces.file, proclip_H5P_DEFAULT(),
                        buffer.baseAddress)
                }
                initialized = count
            }
        }
    }

    /// A uint8 dataset as raw memory: mapped where it is contiguous, else read whole.
    public func bytes(_ name: String) throws -> Storage {
        try withHandles { handles in
            let dataset = try open(name, handles)
            try requireScalars(dataset, UInt8.self)
            return try storage(dataset, byteCount: dataset.shape.count, UInt8.hdf5Type)
        }
    }

    // MARK: Parts

    struct OpenDataset {
        let name: String
        let id: hid_t
        let type: hid_t
        let shape: Shape
    }

    /// Opens a dataset; refuses extents that the file cannot possibly hold, before anything is allocated for them.
    func open(_ name: String, _ handles: HDF5Handles) throws -> OpenDataset {
        guard contains(name) else { throw ArchiveError.missingTensor(name, available: (try? datasets()) ?? []) }
        let file = try identifier
        let id = handles.keep(
            try check("opening \(name) failed") { H5Dopen2(file, name, proclip_H5P_DEFAULT()) }, H5Dclose)
        let space = handles.keep(try check("reading the shape of \(name) failed") { H5Dget_space(id) }, H5Sclose)
        let type = handles.keep(try check("reading the type of \(name) failed") { H5Dget_type(id) }, H5Tclose)
        let rank = Int(try check("reading the shape of \(name) failed") { H5Sget_simple_extent_ndims(space) })
        var extents = [hsize_t](repeating: 0, count: rank)
        try check("reading the shape of \(name) failed") { H5Sget_simple_extent_dims(space, &extents, nil) }
        var bytes = UInt64(H5Tget_size(type))
        for extent in extents {
            let product = bytes.multipliedReportingOverflow(by: extent)
            guard !product.overflow else { throw tooLarge(name) }
            bytes = product.partialValue
        }
        // Deflate shrinks by a factor of at most 1032.
        var size: hsize_t = 0
        try check("reading its size failed") { H5Fget_filesize(file, &size) }
        guard bytes / 1032 <= size else { throw tooLarge(name) }
        return OpenDataset(name: name, id: id, type: type, shape: Shape(extents.map(Int.init)))
    }

    private func tooLarge(_ name: String) -> ArchiveError {
        .unreadable(path, reason: "\(name) claims more elements than the file can hold")
    }

    private func mismatch(_ dataset: OpenDataset, _ expected: String) -> ArchiveError {
        .elementType("\(dataset.name) in \(path)", expected: expected, found: HDF5Types.name(of: dataset.type))
    }

    private func requireScalars<Element: HDF5Scalar>(_ dataset: OpenDataset, _ element: Element.Type) throws {
        let expected = element.isInteger ? H5T_INTEGER : H5T_FLOAT
        let fits = !element.isInteger || integerFits(dataset.type, element)
        guard H5Tget_class(dataset.type) == expected, fits else { throw mismatch(dataset, element.hdf5Name) }
    }

    /// Whether every value of a stored integer type has a place in `Element`.
    private func integerFits<Element: HDF5Scalar>(_ type: hid_t, _ element: Element.Type) -> Bool {
        let size = H5Tget_size(type)
        let storedSigned = H5Tget_sign(type) != H5T_SGN_NONE
        let signed = H5Tget_sign(element.hdf5Type) != H5T_SGN_NONE
        if storedSigned == signed { return size <= MemoryLayout<Element>.size }
        return signed && size < MemoryLayout<Element>.size
    }

    private func tensor(
        _ dataset: OpenDataset, _ elementType: ElementType, _ type: hid_t, mappable: Bool = true
    ) throws -> Tensor {
        let byteCount = elementType.byteCount(of: dataset.shape.count)
        let storage = try storage(dataset, byteCount: byteCount, type, mappable: mappable)
        return Tensor(shape: dataset.shape, elementType: elementType, storage: storage)
    }

    private func storage(
        _ dataset: OpenDataset, byteCount: Int, _ type: hid_t, mappable: Bool = true
    ) throws -> Storage {
        let offset = H5Dget_offset(dataset.id)
        if mappable, !isWriting, byteCount > 0, offset != proclip_HADDR_UNDEF(), offset % 4 == 0 {
            let map = try mapped()
            guard let start = map.bytes.baseAddress, Int(offset) + byteCount <= map.bytes.count else {
                throw ArchiveError.truncated(path)
            }
            return Storage(mapped: start + Int(offset), byteCount: byteCount, owner: map)
        }
        let storage = Storage(byteCount: byteCount)
        if byteCount > 0 {
            try check("reading \(dataset.name) failed") {
                H5Dread(
                    dataset.id, type, proclip_H5S_ALL(), proclip_H5S_ALL(), proclip_H5P_DEFAULT(), storage.bytes)
            }
        }
        return storage
    }

    private func select(
        _ rows: Range<Int>, of dataset: OpenDataset, _ handles: HDF5Handles
    ) throws -> (memory: hid_t, file: hid_t) {
        if dataset.shape.rank == 0 || rows.count == dataset.shape[0] { return (proclip_H5S_ALL(), proclip_H5S_ALL()) }
        var start = [hsize_t](repeating: 0, count: dataset.shape.rank)
        var extents = dataset.shape.dimensions.map(hsize_t.init)
        start[0] = hsize_t(rows.lowerBound)
        extents[0] = hsize_t(rows.count)
        let file = handles.keep(try check("selecting rows failed") { H5Dget_space(dataset.id) }, H5Sclose)
        try check("selecting rows failed") {
            H5Sselect_hyperslab(file, H5S_SELECT_SET, &start, nil, &extents, nil)
        }
        let memory = handles.keep(
            try check("selecting rows failed") { H5Screate_simple(Int32(extents.count), &extents, nil) }, H5Sclose)
        return (memory, file)
    }
}
