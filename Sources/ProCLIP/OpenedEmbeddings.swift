internal import Foundation

/// Files of cached embeddings that a session has opened. Each is gone through for damage when it is opened, which takes longer than
/// many vectors out of it.
public final class OpenedEmbeddings {
    /// What tells a file from another of its name.
    private struct Stamp: Equatable {
        let number: Int?
        let size: Int?
        let date: Date?

        init(_ path: String) {
            let attributes = try? FileManager.default.attributesOfItem(atPath: path)
            (number, size) = (attributes?[.systemFileNumber] as? Int, attributes?[.size] as? Int)
            date = attributes?[.modificationDate] as? Date
        }
    }

    private var files: [String: (stamp: Stamp, file: EmbeddingsFile)] = [:]
    private let most: Int
    /// How many texts are held.
    private(set) var count = 0

    /// - `most`: texts that are held at most; what is beyond is opened each time.
    public init(most: Int = 500_000) { self.most = most }

    /// The file at a path, opened anew where it is not known or not what it was.
    func file(_ path: String, opening open: () throws -> EmbeddingsFile) rethrows -> EmbeddingsFile {
        let stamp = Stamp(path)
        if let known = files[path], known.stamp == stamp { return known.file }
        let file = try open()
        count -= files.removeValue(forKey: path)?.file.texts.count ?? 0
        if count + file.texts.count <= most {
            files[path] = (stamp, file)
            count += file.texts.count
        }
        return file
    }
}
