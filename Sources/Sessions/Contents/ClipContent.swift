internal import Inputs
internal import ProCLIP
internal import Rendering
internal import Towers

/// A CLIP: image tower and text tower in one space.
struct ClipContent: HandleContent, @unchecked Sendable {
    // Training works on copies, so a model is never written once it is bound.
    let kind = HandleKind.clip
    let model: CLIPModel
    let tokenizer: any Tokenizer
    /// SHA-256 of its file, or of its parameters when it has none.
    let hash: String
    let origin: String
    /// The record of every step, empty for a model from a file.
    var history: [StepRecord] = []
    var pause: Pause?

    var isPaused: Bool { pause != nil }
    var fields: Fields { ["parameters": .integer(model.parameters.map(\.value.shape.count).reduce(0, +))] }
    var summary: String { "CLIP, \(model.parameters.map(\.value.shape.count).reduce(0, +)) parameters: \(origin)" }
}
