public import Autodiff
public import Inputs
public import Layers
internal import Learning
internal import Tensors
public import Towers

/// CLIP from scratch: both towers and the temperature by symmetric InfoNCE (arXiv 2103.00020), or with a bias by SigLIP's
/// sigmoid loss (arXiv 2303.15343).
public final class PretrainStage: Stage {
    public let kind = StageKind.pretrain
    public let parameters: [Parameter]
    public let inputHashes: [String: String]
    public var position: StagePosition
    public let stepsPerEpoch: Int
    private let model: CLIPModel
    private let tokenizer: any Tokenizer
    private let data: PairDataset
    private let sampling: Sampling
    private let samples: [PairDataset.Caption]
    private let captions: CaptionSampler
    private let contrastive: Contrastive

    /// Throws `TrainingError` or `PairError` where the data do not suit.
    public init(
        model: CLIPModel, tokenizer: any Tokenizer, data: PairDataset, language: String = "en",
        sampling: Sampling = Sampling(), options: TrainingOptions
    ) throws {
        try options.validate(for: .pretrain)
        let needed = model.image.configuration.imageSize
        guard let size = data.imageSize else { throw PairError.unequalPictures(data.path) }
        guard size == (needed, needed) else {
            throw TrainingError.pictureSize(path: data.path, height: size.height, width: size.width, needed: needed)
        }
        self.model = model
        self.tokenizer = tokenizer
        self.data = data
        self.sampling = sampling
        let sets = data.setOfPicture
        samples = try data.captions(language: language).flatMap {
            [PairDataset.Caption](repeating: $0, count: sampling.repeats[sets[$0.picture]] ?? 1)
        }
        captions = try CaptionSampler(data: data, sampling: sampling)
        parameters = model.parameters
        inputHashes = ["pairs": data.hash, "language": language, "sampling": try JSON.text(sampling)]
        contrastive = try options.contrastive(model.logitScale, model.logitBias)
        position = try StagePosition(pictureOf: samples.map(\.picture), stage: .pretrain, options: options)
        stepsPerEpoch = position.sampler.stepsPerEpoch
    }

    public func loss(of batch: [Int], on tape: Tape) throws -> StageLoss {
        let texts = captions.texts(of: batch.map { samples[$0] }, using: &position.random)
        let pictures = batch.map { samples[$0].picture }
        let pixels =
            if let augmentation = sampling.augmentation {
                try data.imageBatch(
                    pictures, mean: model.image.configuration.mean, deviation: model.image.configuration.deviation,
                    augmentation: augmentation, using: &position.random, in: tape.workspace)
            } else {
                try data.imageBatch(pictures, for: model.image, in: tape.workspace)
            }
        let image = model.image(tape.constant(pixels)).l2Normalized()
        let caption = model.text(tokenizer.encode(texts), tape: tape).l2Normalized()
        let loss = contrastive(image: image, text: caption)
        return StageLoss(
            total: loss, terms: [(contrastive.name, loss)], embeddings: image.value,
            chance: contrastive.chance(batch: batch.count))
    }

    public func finishStep() { contrastive.clamp() }
}
