internal import Rendering

/// Pictures without captions.
struct ImagesContent: HandleContent {
    let kind = HandleKind.images
    /// Their paths.
    let files: [String]

    var fields: Fields { ["n_images": .integer(files.count)] }
    var shape: String { "\(files.count) files" }
    var byteCount: Int? { nil }
    var summary: String { files.count == 1 ? "1 picture" : "\(files.count) pictures" }
}
