/// Why a file of pairs, or a part of one, cannot be used. Each sentence names what there is instead.
public enum PairError: Error, Equatable, CustomStringConvertible {
    case unusable(String, reason: String)
    case empty(String, String)
    case unknown(kind: String, name: String, available: [String])
    case changed(String)

    public var description: String {
        switch self {
        case .unusable(let path, let reason): "\(path) is no usable file of pairs: \(reason); prepare it again"
        case .empty(let path, let what): "\(path) holds no \(what)"
        case .unknown(let kind, let name, let available):
            available.isEmpty
                ? "there is no \(kind) \"\(name)\" in these pairs, nor any other"
                : "there is no \(kind) \"\(name)\" in these pairs; there is \(available.joined(separator: ", "))"
        case .changed(let path): "\(path) has been replaced since it was loaded; load it again"
        }
    }
}
