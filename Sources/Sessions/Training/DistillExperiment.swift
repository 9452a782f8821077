internal import Layers
internal import ProCLIP
internal import Tensors
internal import Towers

/// Stage 1: an adapter learns to place an embedder's vectors where a CLIP's text tower places the same texts.
struct DistillExperiment: Experiment {
    let embedder: EmbedderContent
    let teacher: ClipContent
    /// [N, d]: the embedder's vectors of the texts.
    let embeddings: Tensor
    /// [N, D]: the teacher's features of what they are pulled to.
    let targets: Tensor
    /// For each text the number of its target.
    let meanings: [Int]
    let companions: DistillStage.Companions?
    let logitScale: Float?
    let textsHash: String

    var label: String { "distill \(embedder.embedder.name)" }

    func start(_ options: TrainingOptions) throws -> (trainer: Trainer<DistillStage>, model: AlignedModel) {
        let model = try AlignedModel.fresh(
            on: TowerStart(teacher), embeddings: embeddings, options: options, logitScale: logitScale)
        let stage = try DistillStage(
            adapter: model.adapter, parameters: model.parameters.filter { $0.path.hasPrefix("adapter/") },
            embeddings: embeddings, targets: targets, meanings: meanings, companions: companions,
            inputHashes: [
                "embedder": embedder.embedder.hash, "teacher": try teacher.identity.hash, "texts": textsHash,
            ],
            options: options)
        return (try Trainer(stage, options: options), model)
    }

    func content(_ model: AlignedModel, history: [StepRecord], pause: Pause?) -> any TrainedContent {
        ModelContent(
            model: model, identity: ModelIdentity(model), embedder: embedder.embedder,
            origin: "stage 1 of \(teacher.origin)", history: history, pause: pause)
    }
}
