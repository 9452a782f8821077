import Foundation
internal import Inputs
internal import Rendering

extension Session {
    /// Thumbnails of the pictures that labels of embeddings mean: files, or pictures of the session's pairs. One that is no
    /// longer there has none.
    func thumbnails(of found: [(label: String, score: Double)], side: Int = 128) -> [Thumbnail] {
        let pairs = bindings.entries.compactMap { $0.handle.content as? PairsContent }
        let made = parallelMap(found.map { ($0.label, $0.score) }) { label, score -> Thumbnail? in
            let isFile = FileManager.default.fileExists(atPath: label)
            let picture = isFile ? try? Picture.read(label) : pairs.lazy.compactMap { $0.picture(label) }.first
            guard let small = picture?.thumbnail(side: side), let jpeg = try? small.jpeg() else { return nil }
            let caption = String(format: "%.3f ", score) + URL(filePath: label).lastPathComponent
            return Thumbnail(
                caption: caption, path: isFile ? label : nil, width: small.width, height: small.height,
                samples: small.samples, jpeg: jpeg)
        }
        return made.compactMap { $0 }
    }
}
