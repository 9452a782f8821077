internal import Inputs
internal import ProCLIP
internal import Rendering
internal import Towers

/// A CLIP: image tower and text tower in one space.
struct ClipContent: TrainedContent, @unchecked Sendable {
    // Training works on copies, so a model is never written once it is bound.
    let kind = HandleKind.clip
    let model: CLIPModel
    let tokenizer: any Tokenizer
    let identity: ModelIdentity
    let origin: String
    /// The files that hold its tensors; empty for a model that was trained here.
    var files: [String] = []
    /// What its tokenizer was read from.
    var tokenizerFiles = ForeignCheckpoint.TokenizerFiles.openAI
    /// What the one who loads it should know, such as how pictures are prepared.
    var notes: [String] = []
    /// The record of every step, empty for a model from a file.
    var history: [StepRecord] = []
    var pause: Pause?
    var training: Training?
    private var parameterCount: Int { model.parameters.map(\.shape.count).reduce(0, +) }

    var shape: String { Self.shape(of: model.parameters) }
    var byteCount: Int? { Self.byteCount(of: model.parameters) }
    var fields: Fields {
        var fields: Fields = [
            "parameters": .integer(parameterCount), "image_size": .integer(model.image.configuration.imageSize),
            "context": .integer(model.text.configuration.contextLength),
            "dimension": .integer(model.image.configuration.outputs),
            "logit_scale": .number(Double(model.logitScale.value.item)),
        ]
        fields.append(training?.canaryFields ?? [:])
        return fields
    }
    var summary: String {
        "\(model.logitBias == nil ? "CLIP" : "SigLIP"), \(parameterCount) parameters: \(origin)"
    }
}
