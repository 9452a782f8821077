internal import Foundation

/// Why a set of pictures cannot be prepared; each sentence names the thing and the way out.
public enum PreparationError: Error, Equatable, CustomStringConvertible {
    case missing(String)
    case unreadable(String, reason: String)
    case noApt
    case downloadFailed(package: String, reason: String)
    case unpackFailed(package: String, reason: String)
    case unknownSet(String)

    public var description: String {
        switch self {
        case .missing(let path):
            "there is no \(path): the package that holds it has another layout than Debian 12's; remove it from the cache and prepare again"
        case .unreadable(let path, let reason): "\(path) cannot be used: \(reason)"
        case .noApt:
            "pictures are prepared from Debian packages, and there is no apt-get here: copy the .deb files into the cache folder or use Debian or Ubuntu"
        case .downloadFailed(let package, let reason):
            "package \(package) cannot be downloaded: \(reason); check the network and run apt-get update, then prepare again"
        case .unpackFailed(let package, let reason):
            "package \(package) cannot be unpacked: \(reason); delete its file in the cache and prepare again"
        case .unknownSet(let name):
            "there is no set \"\(name)\" to prepare: there is light, all, \(PicturePreparation.allSets.joined(separator: ", "))"
        }
    }

    static func bytes(of path: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else { throw PreparationError.missing(path) }
        return [UInt8](data)
    }

    static func text(of path: String) throws -> String { String(decoding: try bytes(of: path), as: UTF8.self) }
}
