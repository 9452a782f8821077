internal import ProCLIP
internal import Tensors
internal import Towers

/// Stage 2: image tower and adapter are tuned on pairs.
struct TuneExperiment: Experiment {
    /// A fresh copy of what tuning starts from.
    let initial: (TrainingOptions) throws -> AlignedModel
    let embedder: any TextEmbedder
    let pairs: PairsContent
    /// [N, d]: the embedder's vectors of the captions.
    let embeddings: Tensor
    let parts: Set<TuneStage.Part>
    let origin: String
    let startHash: String
    /// Of the matrices of low rank; nil where there are none.
    let alpha: Float?

    var label: String { "tune \(origin)" }

    func start(_ options: TrainingOptions) throws -> (trainer: Trainer<TuneStage>, model: AlignedModel) {
        let model = try initial(options)
        let stage = try TuneStage(
            model: model, data: pairs.data, captions: pairs.captions, embeddings: embeddings, train: parts,
            inputHashes: ["embedder": embedder.hash, "start": startHash].merging(
                alpha.map { ["alpha": "\($0)"] } ?? [:]
            ) { $1 },
            options: options)
        return (try Trainer(stage, options: options), model)
    }

    func content(_ model: AlignedModel, history: [StepRecord], pause: Pause?) throws -> any TrainedContent {
        let model = try model.merged()
        return ModelContent(
            model: model, identity: ModelIdentity(model), embedder: embedder, origin: "tuned from \(origin)",
            history: history, pause: pause)
    }
}
