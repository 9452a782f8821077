internal import CHDF5
internal import Tensors

/// The element types of HDF5 datasets that arrays are read into and written from.
public protocol HDF5Scalar: BitwiseCopyable, Sendable {
    /// An HDF5 datatype identifier, owned by the library. Both in memory and in the file: little-endian.
    static var hdf5Type: Int64 { get }
    static var isInteger: Bool { get }
    /// What a sentence calls these elements.
    static var hdf5Name: String { get }
}

extension UInt8: HDF5Scalar {
    public static var hdf5Type: Int64 { proclip_H5T_STD_U8LE() }
    public static var isInteger: Bool { true }
    public static var hdf5Name: String { "uint8" }
}

extension Int32: HDF5Scalar {
    public static var hdf5Type: Int64 { proclip_H5T_STD_I32LE() }
    public static var isInteger: Bool { true }
    public static var hdf5Name: String { "int32" }
}

extension Int64: HDF5Scalar {
    public static var hdf5Type: Int64 { proclip_H5T_STD_I64LE() }
    public static var isInteger: Bool { true }
    public static var hdf5Name: String { "int64" }
}

extension Float: HDF5Scalar {
    public static var hdf5Type: Int64 { proclip_H5T_IEEE_F32LE() }
    public static var isInteger: Bool { false }
    public static var hdf5Name: String { "float32" }
}

/// How a dataset's elements lie in the file.
public enum HDF5Layout: Sendable {
    /// One block, which readers can map. For weights and embeddings.
    case contiguous
    /// Blocks of the given extents, each deflated. For pictures and labels.
    case compressed(chunk: [Int], level: Int = 4)
}

/// Datatypes that have to be made: the caller's handles close them.
enum HDF5Types {
    /// IEEE binary16, little-endian, as h5py and NumPy know it.
    static func float16(_ handles: HDF5Handles) -> hid_t {
        let type = handles.keep(H5Tcopy(proclip_H5T_IEEE_F32LE()), H5Tclose)
        H5Tset_fields(type, 15, 10, 5, 0, 10)
        H5Tset_size(type, 2)
        H5Tset_ebias(type, 15)
        return type
    }

    /// Variable-length UTF-8 text.
    static func text(_ handles: HDF5Handles) -> hid_t {
        let type = handles.keep(H5Tcopy(proclip_H5T_C_S1()), H5Tclose)
        H5Tset_size(type, proclip_H5T_VARIABLE())
        H5Tset_cset(type, H5T_CSET_UTF8)
        return type
    }

    /// What a sentence calls the elements of a stored type.
    static func name(of type: hid_t) -> String {
        let bits = H5Tget_size(type) * 8
        switch H5Tget_class(type) {
        case H5T_INTEGER: return (H5Tget_sign(type) == H5T_SGN_NONE ? "uint" : "int") + "\(bits)"
        case H5T_FLOAT: return "float\(bits)"
        case H5T_STRING: return "text"
        default: return "elements of a compound or special type"
        }
    }
}
