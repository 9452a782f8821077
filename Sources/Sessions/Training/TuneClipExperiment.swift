internal import ProCLIP
internal import Towers

/// Stage 2 without an embedder: a CLIP is tuned on pairs with the text tower that it has.
struct TuneClipExperiment: Experiment {
    let clip: ClipContent
    let name: String
    let pairs: PairsContent
    let parts: Set<TuneStage.Part>
    let logitScale: Float?

    var label: String { "tune \(name)" }

    func start(_ options: TrainingOptions) throws -> (trainer: Trainer<TuneStage>, model: CLIPModel) {
        let model = try clip.model.copy(options: options, logitScale: logitScale)
        let stage = try TuneStage(
            model: model, tokenizer: clip.tokenizer, data: pairs.data, captions: pairs.captions, train: parts,
            inputHashes: ["clip": try clip.identity.hash], options: options)
        return (try Trainer(stage, options: options), model)
    }

    func content(_ model: CLIPModel, history: [StepRecord], pause: Pause?) -> any TrainedContent {
        ClipContent(
            model: model, tokenizer: clip.tokenizer, identity: ModelIdentity(model), origin: "tuned from \(name)",
            tokenizerFiles: clip.tokenizerFiles, history: history, pause: pause)
    }
}
