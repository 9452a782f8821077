internal import Archive
import Foundation
internal import Inputs
internal import Language

/// `load images`: pictures without captions, which stay in their files until something needs them.
struct ImagesLoader: Loader {
    let kind = HandleKind.images
    let place = "a picture, a folder of pictures, or a pattern such as ./photos/*.jpg"

    /// A pattern stands for all the files that it names.
    func readings(_ written: String, in context: CheckContext) -> [String] {
        let path = context.absolute(written)
        return FilePattern.matches(path).isEmpty ? [] : [path]
    }

    func check(_ path: String, _ arguments: Arguments, in context: CheckContext) throws {
        _ = try Self.files(path)
    }

    func load(_ path: String, _ arguments: Arguments, in session: Session) throws -> any HandleContent {
        ImagesContent(files: try Self.files(path))
    }

    /// The pictures that a path names. Throws `ArchiveError` where there are none.
    private static func files(_ path: String) throws -> [String] {
        let files = files(named: path).filter(isPicture)
        guard !files.isEmpty else {
            throw ArchiveError.foreign(path, expected: "a PNG, JPEG or WebP file or a folder with some")
        }
        return files
    }

    /// The pictures below a folder, whatever they are called below it; else the files that a path or pattern names.
    static func files(named path: String) -> [String] {
        guard (try? FileManager.default.contentsOfDirectory(atPath: path)) != nil else {
            return FilePattern.matches(path)
        }
        let names = (FileManager.default.enumerator(atPath: path)?.allObjects ?? []).compactMap { $0 as? String }
        return names.filter(isPicture).sorted().map { path + "/" + $0 }
    }

    static func isPicture(_ path: String) -> Bool {
        Picture.fileEndings.contains((path as NSString).pathExtension.lowercased())
    }
}
