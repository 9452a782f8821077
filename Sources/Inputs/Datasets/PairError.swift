/// Why a file of pairs, or a part of one, cannot be used. Each sentence names what there is instead.
public enum PairError: Error, Equatable, CustomStringConvertible {
    case unusable(String, reason: String)
    case empty(String, String)
    case unknown(kind: String, name: String, available: [String])
    case changed(String)
    case unknownLayout(String)
    case unequalPictures(String)

    public var description: String {
        switch self {
        case .unusable(let path, let reason): "\(path) is no usable file of pairs: \(reason); prepare it again"
        case .empty(let path, let what): "\(path) holds no \(what)"
        case .unknown(let kind, let name, let available):
            available.isEmpty
                ? "there is no \(kind) \"\(name)\" in these pairs, nor any other"
                : "there is no \(kind) \"\(name)\" in these pairs; there is \(available.joined(separator: ", "))"
        case .unknownLayout(let path):
            "\(path) is laid out like nothing that is known here; it can be \(PairLayouts.names)"
        case .unequalPictures(let path):
            "the pictures of \(path) are of several sizes; prepare them first, such as with prepare \(path) to=./pairs.h5 "
                + "side=64"
        case .changed(let path): "\(path) has been replaced since it was loaded; load it again"
        }
    }
}
