internal import Archive
import Foundation
internal import ProCLIP
internal import Towers

/// Stage 0: matrices of low rank in a language model, by texts of one meaning.
struct AlignExperiment: Experiment {
    let embedder: LanguageModelEmbedder
    let rank: Int
    let alpha: Float
    let temperature: Float
    /// The texts of each meaning.
    let groups: [[String]]

    var label: String { "align \(embedder.name)" }

    func start(_ options: TrainingOptions) throws -> (trainer: Trainer<AlignStage>, model: AdaptedEmbedder) {
        let model = try AdaptedEmbedder(embedder, rank: rank, alpha: alpha, seed: options.seed)
        let lines = groups.map { $0.joined(separator: "\0") }.joined(separator: "\n")
        let stage = try AlignStage(
            groups: groups, temperature: temperature, parameters: model.parameters,
            inputHashes: [
                "embedder": embedder.hash, "texts": SHA256Hash.of(bytes: Data(lines.utf8)),
                "adaptation": "rank \(rank), alpha \(alpha), temperature \(temperature)",
            ],
            options: options, encode: model.vectors)
        return (try Trainer(stage, options: options), model)
    }

    func content(_ model: AdaptedEmbedder, history: [StepRecord], pause: Pause?) -> any TrainedContent {
        EmbedderContent(embedder: model.frozen(), adaptation: model, history: history, pause: pause)
    }
}
