import Foundation
internal import Language

/// `load clip`: a CLIP in our own HDF5 form.
struct ClipLoader: ModelFileLoader {
    let kind = HandleKind.clip
    let place = "an HDF5 file of a CLIP, or its name in the folders of weights"

    func check(_ path: String, _ arguments: Arguments) throws { try ModelFile.check(path, kind: "clip") }

    func load(_ path: String, _ arguments: Arguments, in session: Session) throws -> any HandleContent {
        ClipContent(
            model: try ModelFile.clip(path), tokenizer: try session.clipTokenizer(),
            hash: try session.noteInput(path), origin: (path as NSString).lastPathComponent)
    }
}
