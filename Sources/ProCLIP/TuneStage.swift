public import Autodiff
public import Inputs
public import Layers
public import Learning
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
    public let average: MovingAverage?
    public let inputHashes: [String: String]
    public var position: StagePosition
    public let stepsPerEpoch: Int
    private let model: AlignedModel
    private let data: PairDataset
    private let embeddings: Tensor
    private let captions: [PairDataset.Caption]
    private let contrastive: Contrastive
    private let regularisation: Regularisation?
    private let micro: Int?
    private let train: Set<Part>
    /// The features of every picture, where the image tower is frozen.
    private let frozenImages: Tensor?

    /// The image tower with averaged parameters, and the loss that holds the trained one to it.
    private struct Regularisation {
        let tower: VisionTransformer
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
        self.train = train
        let settings = ["train": train.map(\.rawValue).sorted().joined(separator: ","), "pairs": data.hash]
        self.inputHashes = inputHashes.merging(settings) { $1 }
        micro = options.micro
        contrastive = try options.contrastive(model.logitScale, model.logitBias)
        parameters = model.parameters.filter(\.isTrained).filter { parameter in
            !parameter.path.contains("/") || train.contains { parameter.path.hasPrefix($0.rawValue + "/") }
        }
        if train.contains(.image) && options.lambda > 0 {
            let images = parameters.filter { $0.path.hasPrefix("image/") }
            let twin = ParameterSource(tensors: Dictionary(uniqueKeysWithValues: images.map { ($0.path, $0.value) }))
            let tower = try VisionTransformer(configuration: model.image.configuration, scope: twin.root["image"])
            average = MovingAverage(in: try twin.finish(), decay: options.ema)
            regularisation = Regularisation(tower: tower, alignment: options.alignment, lambda: options.lambda)
        } else {
            average = nil
            regularisation = nil
        }
        frozenImages = train.contains(.image) ? nil : try Features().images(of: data, by: model.image)
        position = try StagePosition(pictureOf: captions.map(\.picture), stage: .tune, options: options)
        stepsPerEpoch = position.sampler.stepsPerEpoch
    }

    public func loss(of samples: [Int], on tape: Tape) throws -> StageLoss {
        let text = try rows(samples.count, on: tape) { [model, embeddings] range, tape in
            model.adapter(tape.constant(embeddings.gathering(rows: Array(samples[range]), in: tape.workspace)))
        }
        let pictures = samples.map { captions[$0].picture }
        let pixels = try pixels(of: pictures, in: tape.workspace)
        let image =
            if let frozenImages {
                tape.constant(frozenImages.gathering(rows: pictures, in: tape.workspace))
            } else {
                try features(pictures.count, by: model.image, pixels, on: tape)
            }
        let info = contrastive(image: image, text: text)
        let chance = contrastive.chance(batch: text.shape[0])
        guard let regularisation else {
            return StageLoss(total: info, terms: [(contrastive.name, info)], embeddings: text.value, chance: chance)
        }
        let frozen = Tape(workspace: tape.workspace) { _ in false }
        let target = try features(pictures.count, by: regularisation.tower, pixels, on: frozen).value
        let held = regularisation.alignment(image, target: target)
        return StageLoss(
            total: info + held.total.scaled(by: regularisation.lambda), terms: [(contrastive.name, info)] + held.terms,
            embeddings: text.value, chance: chance)
    }

    /// The pictures' pixels [R, 3, S, S] for a range of them: made when they are asked for where few pass at a time, else
    /// once for both towers.
    private func pixels(of pictures: [Int], in workspace: Workspace) throws -> (Range<Int>) throws -> Tensor {
        let make = { [data, tower = model.image] (range: Range<Int>) in
            try data.imageBatch(Array(pictures[range]), for: tower, in: workspace)
        }
        if frozenImages != nil || isSplit(pictures.count) { return make }
        let all = try make(pictures.indices)
        return { _ in all }
    }

    /// [B, D], L2-normalised
    private func features(
        _ count: Int, by tower: VisionTransformer, _ pixels: @escaping (Range<Int>) throws -> Tensor, on tape: Tape
    ) throws -> Variable {
        try rows(count, on: tape) { range, tape in tower(tape.constant(try pixels(range))).l2Normalized() }
    }

    /// Rows of a batch, all or `micro` of them at a time: then only their values are kept.
    private func rows(
        _ count: Int, on tape: Tape, _ body: @escaping (Range<Int>, Tape) throws -> Variable
    ) throws -> Variable {
        guard let micro, isSplit(count) else { return try body(0..<count, tape) }
        return try tape.recomputed(rows: count, by: micro, body)
    }

    private func isSplit(_ count: Int) -> Bool { micro.map { $0 < count } ?? false }

    public func finishStep() { contrastive.clamp() }

    public func memory(_ options: TrainingOptions) -> TrainingMemory? {
        TrainingMemory(
            tuning: model.image.configuration,
            imageParameters: model.parameters.filter { $0.path.hasPrefix("image/") }.map(\.shape.count).reduce(0, +),
            adapter: model.adapter.configuration, train: train, average: regularisation != nil, batch: options.batch,
            micro: options.micro, recompute: options.recompute ?? false)
    }
}
