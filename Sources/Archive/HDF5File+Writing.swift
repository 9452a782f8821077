internal import CHDF5
public import Tensors

extension HDF5File {
    /// Writes a float32 or float16 tensor as a contiguous dataset; groups on the way are made.
    public func write(_ tensor: Tensor, at name: String) throws {
        try withHandles { handles in
            let type: hid_t
            switch tensor.elementType {
            case .float32: type = Float.hdf5Type
            case .float16: type = HDF5Types.float16(handles)
            default:
                throw ArchiveError.elementType(
                    name, expected: "float32 or float16", found: "\(tensor.elementType.rawValue), which HDF5 lacks")
            }
            try write(tensor.rawBytes.baseAddress, tensor.shape, type, at: name, .contiguous, handles)
        }
        withExtendedLifetime(tensor) {}
    }

    /// Writes an array as a dataset of the given shape (by default a list).
    public func write<Element: HDF5Scalar>(
        _ values: [Element], shape: Shape? = nil, at name: String, layout: HDF5Layout = .contiguous
    ) throws {
        let shape = shape ?? [values.count]
        guard shape.count == values.count else {
            throw ArchiveError.misshapenTensor(name, expected: shape, found: [values.count])
        }
        try withHandles { handles in
            try values.withUnsafeBytes { bytes in
                try write(bytes.baseAddress, shape, Element.hdf5Type, at: name, layout, handles)
            }
        }
    }

    /// Writes a dataset whose rows (its first dimension) come in blocks, so that they need never be in memory together.
    ///
    /// - `rows`: the bytes of the given rows; what it throws is passed on.
    public func write(
        shape: Shape, at name: String, rowsAtOnce: Int, rows: (Range<Int>) throws -> [UInt8]
    ) throws {
        try withHandles { handles in
            let dataset = try makeDataset(shape, UInt8.hdf5Type, at: name, .contiguous, handles)
            let space = handles.keep(try dataspace(shape), H5Sclose)
            for start in stride(from: 0, to: shape[0], by: rowsAtOnce) {
                let range = start..<min(start + rowsAtOnce, shape[0])
                let bytes = try rows(range)
                let block = Shape([range.count] + shape.dimensions.dropFirst())
                guard bytes.count == block.count else {
                    throw ArchiveError.misshapenTensor(name, expected: block, found: [bytes.count])
                }
                let memory = handles.keep(try dataspace(block), H5Sclose)
                var first = shape.dimensions.indices.map { hsize_t($0 == 0 ? start : 0) }
                var count = block.dimensions.map(hsize_t.init)
                try check("writing \(name) failed") {
                    H5Sselect_hyperslab(space, H5S_SELECT_SET, &first, nil, &count, nil)
                }
                try check("writing \(name) failed") {
                    H5Dwrite(dataset, UInt8.hdf5Type, memory, space, proclip_H5P_DEFAULT(), bytes)
                }
            }
        }
    }

    /// Makes a dataset and fills it from memory of the same type.
    func write(
        _ source: UnsafeRawPointer?, _ shape: Shape, _ type: hid_t, at name: String, _ layout: HDF5Layout,
        _ handles: HDF5Handles
    ) throws {
        let dataset = try makeDataset(shape, type, at: name, layout, handles)
        if shape.count == 0 { return }
        try check("writing \(name) failed") {
            H5Dwrite(dataset, type, proclip_H5S_ALL(), proclip_H5S_ALL(), proclip_H5P_DEFAULT(), source)
        }
    }

    private func makeDataset(
        _ shape: Shape, _ type: hid_t, at name: String, _ layout: HDF5Layout, _ handles: HDF5Handles
    ) throws -> hid_t {
        let file = try identifier
        try makeGroups(to: name, handles)
        let space = handles.keep(try dataspace(shape), H5Sclose)
        let creation = handles.keep(H5Pcreate(proclip_H5P_DATASET_CREATE()), H5Pclose)
        H5Pset_obj_track_times(creation, false)
        if case .compressed(let chunk, let level) = layout, shape.count > 0 {
            var extents = zip(chunk, shape.dimensions).map { hsize_t(max(1, min($0, $1))) }
            try check("\(name) cannot be stored in blocks of \(chunk)") {
                extents.count == shape.rank ? H5Pset_chunk(creation, Int32(extents.count), &extents) : -1
            }
            try check("\(name) cannot be compressed at level \(level)") {
                H5Pset_deflate(creation, UInt32(clamping: level))
            }
        }
        return handles.keep(
            try check("making \(name) failed") {
                H5Dcreate2(file, name, type, space, links(handles), creation, proclip_H5P_DEFAULT())
            }, H5Dclose)
    }

    /// An HDF5 dataspace of the given shape; the caller closes it.
    func dataspace(_ shape: Shape) throws -> hid_t {
        var extents = shape.dimensions.map(hsize_t.init)
        return try check("shape \(shape) cannot be stored") {
            extents.isEmpty ? H5Screate(H5S_SCALAR) : H5Screate_simple(Int32(extents.count), &extents, nil)
        }
    }

    /// Makes the groups on the way to a new dataset.
    private func makeGroups(to name: String, _ handles: HDF5Handles) throws {
        let file = try identifier
        let creation = handles.keep(H5Pcreate(proclip_H5P_GROUP_CREATE()), H5Pclose)
        proclip_hdf5_plain_group(creation)
        let parts = name.split(separator: "/").dropLast()
        for count in parts.indices.map({ $0 + 1 }) {
            let group = parts.prefix(count).joined(separator: "/")
            if contains(group) { continue }
            try check("making the group \(group) failed") {
                let id = H5Gcreate2(file, group, links(handles), creation, proclip_H5P_DEFAULT())
                return id < 0 ? herr_t(-1) : H5Gclose(id)
            }
        }
    }

    /// Names are UTF-8.
    private func links(_ handles: HDF5Handles) -> hid_t {
        let links = handles.keep(H5Pcreate(proclip_H5P_LINK_CREATE()), H5Pclose)
        H5Pset_char_encoding(links, H5T_CSET_UTF8)
        return links
    }
}
