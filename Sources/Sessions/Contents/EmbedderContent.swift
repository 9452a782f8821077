internal import ProCLIP
internal import Rendering
internal import Towers

/// A frozen embedder: loaded, or as `align` has changed it.
struct EmbedderContent: TrainedContent, @unchecked Sendable {
    // Training has its own copy of what it changes, which is never written once it is bound.
    let kind = HandleKind.embedder
    let embedder: any TextEmbedder
    /// What `align` has trained beside the model's matrices; nil for a loaded one.
    var adaptation: AdaptedEmbedder?
    /// The record of every step of `align`.
    var history: [StepRecord] = []
    var pause: Pause?
    var training: Training?

    var fields: Fields {
        let preprocessing = embedder.preprocessing
        var fields: Fields = [
            "dimension": .integer(embedder.dimension), "frozen_parameters": .integer(embedder.parameterCount),
            "tokens": .text(preprocessing.tokens), "pooling": .text(preprocessing.pooling),
            "normalisation": .text(preprocessing.normalisation), "hash": .text(embedder.hash),
        ]
        if !embedder.files.isEmpty { fields["files"] = .text(embedder.files.joined(separator: ", ")) }
        if let adaptation {
            fields["parameters"] = .integer(adaptation.parameters.map(\.shape.count).reduce(0, +))
            fields["steps"] = .integer(history.count)
        }
        if let last = history.last { fields["loss"] = .number(Double(last.loss)) }
        fields.append(training?.canaryFields ?? [:])
        return fields
    }

    var shape: String { "[_, \(embedder.dimension)]" }
    var summary: String {
        "\(embedder.name): \(embedder.dimension) values a text, \(embedder.preprocessing.pooling) pooling"
            + (adaptation == nil ? "" : ", aligned")
    }
}
