public import Archive
internal import Foundation

/// Where an encoded picture lies: in a file of its own, or in a tar file that stays mapped.
public enum PictureSource: Sendable {
    case file(String)
    case member(TarArchive, String)

    /// No encoded picture is larger.
    private static let largest = 1 << 28

    var path: String {
        switch self {
        case .file(let path): path
        case .member(let archive, let name): "\(archive.path)/\(name)"
        }
    }

    /// How the file's name ends, in lower case.
    var ending: String { URL(filePath: path).pathExtension.lowercased() }

    /// The encoded bytes. Throws `PictureError` or `ArchiveError`.
    func bytes() throws -> [UInt8] {
        switch self {
        case .file(let path): try Picture.bytes(path)
        case .member(let archive, let name): try archive.bytes(name, atMost: Self.largest)
        }
    }

    /// The decoded picture. Throws `PictureError` or `ArchiveError`.
    func picture() throws -> Picture { try Picture.decode(try bytes(), name: path) }
}
