internal import ProCLIP
internal import Rendering
internal import Towers

/// What `distill` and `tune` make: adapter, image tower and logit scale, with the embedder they belong to.
struct ModelContent: TrainedContent, @unchecked Sendable {
    // Training works on copies, so a model is never written once it is bound.
    let kind = HandleKind.model
    let model: AlignedModel
    let identity: ModelIdentity
    let embedder: any TextEmbedder
    let origin: String
    /// The files that hold its tensors; empty for a model that was trained here.
    var files: [String] = []
    /// What the one who loads it should know, such as how pictures are prepared.
    var notes: [String] = []
    /// The record of every step, empty for a model from a file.
    var history: [StepRecord] = []
    var pause: Pause?
    var training: Training?

    var shape: String { Self.shape(of: model.parameters) }
    var byteCount: Int? { Self.byteCount(of: model.parameters) }
    var fields: Fields {
        var fields: Fields = [
            "parameters": .integer(model.parameters.map(\.shape.count).reduce(0, +)),
            "logit_scale": .number(Double(model.logitScale.value.item)), "steps": .integer(history.count),
        ]
        fields.append(training?.fields ?? [:])
        if let last = history.last {
            fields["loss"] = .number(Double(last.loss))
            for term in last.terms { fields["loss.\(term.name)"] = .number(Double(term.value)) }
        }
        return fields
    }

    var summary: String { "\(origin); texts by \(embedder.name)" }
}
