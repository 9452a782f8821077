import Foundation
internal import Inputs
internal import Rendering

extension Session {
    /// Thumbnails of the pictures that labels of embeddings mean: files, or pictures of the session's pairs. One that is no
    /// longer there has none, nor have those beyond a screenful.
    func thumbnails(of found: [(label: String, score: Double)]) -> [Thumbnail] {
        let pairs = bindings.entries.compactMap { $0.handle.content as? PairsContent }
        let made = parallelMap(found.prefix(48).map { ($0.label, $0.score) }) { label, score -> Thumbnail? in
            let isFile = FileManager.default.fileExists(atPath: label)
            let picture = isFile ? try? Picture.read(label) : pairs.lazy.compactMap { $0.picture(label) }.first
            guard let small = picture?.thumbnail(side: 128), let jpeg = try? small.jpeg() else { return nil }
            let caption = String(format: "%.3f ", score) + URL(filePath: label).lastPathComponent
            return Thumbnail(
                caption: caption, path: isFile ? label : nil, width: small.width, height: small.height,
                samples: small.samples, jpeg: jpeg)
        }
        return made.compactMap { $0 }
    }
}
