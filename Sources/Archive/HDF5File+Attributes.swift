internal import CHDF5
internal import Tensors

/// The value of an attribute.
public enum HDF5Attribute: Equatable, Sendable {
    case text(String)
    case integer(Int)
    case number(Double)

    public var text: String {
        switch self {
        case .text(let value): value
        case .integer(let value): String(value)
        case .number(let value): String(value)
        }
    }
}

extension HDF5File {
    /// All scalar attributes of a group or dataset (by default the root); those of other types are passed over.
    public func attributes(of object: String = "/") throws -> [String: HDF5Attribute] {
        try withHandles { handles in
            let id = try openObject(object, handles)
            let count = H5Aget_num_attrs(id)
            var result: [String: HDF5Attribute] = [:]
            for index in 0..<hsize_t(max(0, count)) {
                let attribute = handles.keep(
                    try check("reading the attributes of \(object) failed") {
                        H5Aopen_by_idx(
                            id, ".", H5_INDEX_NAME, H5_ITER_INC, index, proclip_H5P_DEFAULT(), proclip_H5P_DEFAULT())
                    }, H5Aclose)
                result[try name(of: attribute)] = try value(of: attribute, handles)
            }
            return result
        }
    }

    /// One attribute. Throws `missingAttribute`.
    public func attribute(_ name: String, of object: String = "/") throws -> HDF5Attribute {
        guard let value = try attributes(of: object)[name] else {
            throw ArchiveError.missingAttribute(name, path: object == "/" ? path : "\(object) in \(path)")
        }
        return value
    }

    /// Sets a new attribute of a group or dataset (by default the root).
    public func setAttribute(_ name: String, to value: HDF5Attribute, of object: String = "/") throws {
        try withHandles { handles in
            let id = try openObject(object, handles)
            let space = handles.keep(try dataspace(.scalar), H5Sclose)
            func write(_ type: hid_t, _ source: UnsafeRawPointer?) throws {
                let attribute = handles.keep(
                    try check("making the attribute \(name) failed") {
                        H5Acreate2(id, name, type, space, proclip_H5P_DEFAULT(), proclip_H5P_DEFAULT())
                    }, H5Aclose)
                try check("writing the attribute \(name) failed") { H5Awrite(attribute, type, source) }
            }
            switch value {
            case .text(let text): try withCStrings([text], name) { try write(HDF5Types.text(handles), $0) }
            case .integer(let integer):
                try withUnsafeBytes(of: Int64(integer)) { try write(Int64.hdf5Type, $0.baseAddress) }
            case .number(let number):
                try withUnsafeBytes(of: number) { try write(proclip_H5T_NATIVE_DOUBLE(), $0.baseAddress) }
            }
        }
    }

    private func openObject(_ object: String, _ handles: HDF5Handles) throws -> hid_t {
        let file = try identifier
        return handles.keep(
            try check("there is no \(object)") { H5Oopen(file, object, proclip_H5P_DEFAULT()) }, H5Oclose)
    }

    private func name(of attribute: hid_t) throws -> String {
        let length = Int(try check("reading an attribute's name failed") { H5Aget_name(attribute, 0, nil) })
        var name = [CChar](repeating: 0, count: length + 1)
        try check("reading an attribute's name failed") { H5Aget_name(attribute, length + 1, &name) }
        return String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    private func value(of attribute: hid_t, _ handles: HDF5Handles) throws -> HDF5Attribute? {
        let type = handles.keep(try check("reading an attribute's type failed") { H5Aget_type(attribute) }, H5Tclose)
        let space = handles.keep(try check("reading an attribute's shape failed") { H5Aget_space(attribute) }, H5Sclose)
        guard H5Sget_simple_extent_npoints(space) == 1 else { return nil }
        switch H5Tget_class(type) {
        case H5T_STRING:
            return try texts(count: 1, type, "an attribute", handles) { H5Aread(attribute, $0, $1) }.first
                .map(HDF5Attribute.text)
        case H5T_INTEGER:
            var value: Int64 = 0
            try check("reading an attribute failed") { H5Aread(attribute, Int64.hdf5Type, &value) }
            return .integer(Int(value))
        case H5T_FLOAT:
            var value: Double = 0
            try check("reading an attribute failed") { H5Aread(attribute, proclip_H5T_NATIVE_DOUBLE(), &value) }
            return .number(value)
        default: return nil
        }
    }
}
