internal import Inputs
internal import Layers
internal import ProCLIP
internal import Tensors
internal import Towers

/// CLIP from scratch on pairs.
struct PretrainExperiment: Experiment {
    let configuration: ModelFile.ClipConfiguration
    let hasLogitBias: Bool
    let tokenizer: any Tokenizer
    let pairs: PairsContent
    let sampling: PretrainStage.Sampling

    var label: String { "pretrain" }

    func start(_ options: TrainingOptions) throws -> (trainer: Trainer<PretrainStage>, model: CLIPModel) {
        let model = try CLIPModel(
            image: configuration.image, text: configuration.text, hasLogitBias: hasLogitBias,
            source: ParameterSource(seed: options.seed))
        let stage = try PretrainStage(
            model: model, tokenizer: tokenizer, data: pairs.data, language: pairs.language, sampling: sampling,
            options: options)
        return (try Trainer(stage, options: options), model)
    }

    func content(_ model: CLIPModel, history: [StepRecord], pause: Pause?) -> any TrainedContent {
        ClipContent(
            model: model, tokenizer: tokenizer, identity: ModelIdentity(model),
            origin: "pretrained on \(pairs.data.pictureCount) pictures", history: history, pause: pause)
    }
}
