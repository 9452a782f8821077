public import Autodiff
public import Inputs
public import Layers
internal import Learning
public import Tensors
public import Towers

/// Stage 2, contrastive tuning: L_info between image tower and adapter, plus λ L_reg between the image tower and its own
/// moving average. λ = 0 is the plain baseline, without the average and its forward pass.
public final class TuneStage: Stage {
    /// What the optimiser changes beside the logit scale and bias.
    public enum Part: String, Codable, CaseIterable, Sendable {
        case adapter, image
    }

    public let kind = StageKind.tune
    public let parameters: [Parameter]
    public let averages: [Parameter]
    public let inputHashes: [String: String]
    public var position: StagePosition
    public let stepsPerEpoch: Int
    private let model: AlignedModel
    private let data: PairDataset
    private let embeddings: Tensor
    private let captions: [PairDataset.Caption]
    private let contrastive: Contrastive
    private let regularisation: Regularisation?
    /// The features of every picture, where the image tower is frozen.
    private let frozenImages: Tensor?

    /// The moving average of the image tower and the loss that holds the tower to it.
    private struct Regularisation {
        let tower: VisionTransformer
        let average: MovingAverage
        let alignment: Alignment
        let lambda: Float
    }

    /// - Parameters:
    ///   - model: what is trained, in place.
    ///   - captions: the pairs; `embeddings` holds the embedder's vector of each, `[N, d]`.
    ///   - train: without `image`, the pictures' features are computed once.
    /// Throws `TrainingError` or `EvaluationError` where the data do not suit.
    public init(
        model: AlignedModel, data: PairDataset, captions: [PairDataset.Caption], embeddings: Tensor,
        train: Set<Part> = [.adapter, .image], inputHashes: [String: String], options: TrainingOptions
    ) throws {
        try options.validate(for: .tune)
        try embeddings.requireFeatures("embedder's vectors")
        guard embeddings.shape[0] == captions.count else {
            throw EvaluationError.count("vectors", expected: captions.count, found: embeddings.shape[0])
        }
        self.model = model
        self.data = data
        self.captions = captions
        self.embeddings = embeddings
        let settings = ["train": train.map(\.rawValue).sorted().joined(separator: ","), "pairs": data.hash]
        self.inputHashes = inputHashes.merging(settings) { $1 }
        contrastive = try options.contrastive(model.logitScale, model.logitBias)
        parameters = model.parameters.filter(\.isTrained).filter { parameter in
            !parameter.path.contains("/") || train.contains { parameter.path.hasPrefix($0.rawValue + "/") }
        }
        if train.contains(.image) && options.lambda > 0 {
            let images = parameters.filter { $0.path.hasPrefix("image/") }
            let twin = ParameterSource(tensors: Dictionary(uniqueKeysWithValues: images.map { ($0.path, $0.value) }))
            let tower = try VisionTransformer(configuration: model.image.configuration, scope: twin.root["image"])
            averages = try twin.finish()
            regularisation = Regularisation(
                tower: tower, average: MovingAverage(of: images, in: averages, decay: options.ema),
                alignment: options.alignment, lambda: options.lambda)
        } else {
            averages = []
            regularisation = nil
        }
        frozenImages = train.contains(.image) ? nil : try Features().images(of: data, by: model.image)
        position = try StagePosition(pictureOf: captions.map(\.picture), stage: .tune, options: options)
        stepsPerEpoch = position.sampler.stepsPerEpoch
    }

    public func loss(of samples: [Int], on tape: Tape) throws -> StageLoss {
        let text = model.adapter(tape.constant(embeddings.gathering(rows: samples, in: tape.workspace)))
        let pictures = samples.map { captions[$0].picture }
        if let frozenImages {
            let image = tape.constant(frozenImages.gathering(rows: pictures, in: tape.workspace))
            return loss(image: image, text: text, pixels: nil, tape)
        }
        let pixels = try data.imageBatch(pictures, for: model.image, in: tape.workspace)
        return loss(image: model.image(tape.constant(pixels)).l2Normalized(), text: text, pixels: pixels, tape)
    }

    private func loss(image: Variable, text: Variable, pixels: Tensor?, _ tape: Tape) -> StageLoss {
        let info = contrastive(image: image, text: text)
        let chance = contrastive.chance(batch: text.shape[0])
        guard let regularisation, let pixels else {
            return StageLoss(total: info, terms: [(contrastive.name, info)], embeddings: text.value, chance: chance)
        }
        let frozen = Tape(workspace: tape.workspace) { _ in false }
        let target = regularisation.tower(frozen.constant(pixels)).l2Normalized().value
        let held = regularisation.alignment(image, target: target)
        return StageLoss(
            total: info + held.total.scaled(by: regularisation.lambda), terms: [(contrastive.name, info)] + held.terms,
            embeddings: text.value, chance: chance)
    }

    public func finishStep() {
        contrastive.clamp()
        regularisation?.average.update()
    }
}
