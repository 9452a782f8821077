/// Why a picture, a glyph or a set of pictures cannot be used.
public enum PictureError: Error, Equatable, CustomStringConvertible {
    case missing(String)
    case unreadable(String, reason: String)
    /// More than are passed over; the first is described.
    case tooManyUnreadable(Int, of: Int, first: String)
    case unreadableFont(String, reason: String)

    public var description: String {
        switch self {
        case .missing(let path): "there is no picture \(path)"
        case .unreadable(let name, let reason): "picture \(name) cannot be read: \(reason)"
        case .tooManyUnreadable(let count, let total, let first):
            "\(count) of \(total) pictures cannot be read, more than are left out; the first: \(first)"
        case .unreadableFont(let path, let reason): "font \(path) cannot be used: \(reason)"
        }
    }
}
