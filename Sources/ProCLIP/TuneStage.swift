public import Autodiff
public import Inputs
public import Layers
public import Learning
public import Tensors
public import Towers

/// Stage 2, contrastive tuning: L_info between image tower and adapter, plus λ L_reg between the image tower and its own
/// moving average. λ = 0 is the plain baseline, without the average and its forward pass.
public final class TuneStage: Stage {
    public let kind = StageKind.tune
    public let parameters: [Parameter]
    public let average: MovingAverage?
    public let inputHashes: [String: String]
    public var position: StagePosition
    public let stepsPerEpoch: Int
    private let data: PairDataset
    private let captions: [PairDataset.Caption]
    private let image: VisionTransformer
    /// The features [B, D] of these samples' texts, L2-normalised.
    private let texts: ([Int], Tape) throws -> Variable
    private let contrastive: Contrastive
    private let infoWeight: Float
    private let regularisation: Regularisation?
    private let micro: Int?
    private let train: Set<Part>
    private let textSide: TextSide
    private let imageParameterCount: Int
    /// The features of every picture, where the image tower is frozen.
    private let frozenImages: Tensor?

    /// What texts pass.
    private enum TextSide {
        case adapter(Adapter.Configuration)
        /// A CLIP's own text tower; the longest text has so many tokens.
        case tower(CLIPTextTransformer.Configuration, longest: () -> Int)
    }

    /// What any model has that can be tuned.
    private struct Tuned {
        let image: VisionTransformer
        let textSide: TextSide
        let parameters: [Parameter]
        let logitScale: Parameter
        let logitBias: Parameter?
        let imageTwin: () throws -> ImageTower
    }

    /// - `model`: what is trained, in place; where `train` has a rank, with matrices of that rank.
    /// - `captions`: the pairs; `embeddings` holds the embedder's vector of each, `[N, d]`.
    /// - `train`: where nothing of it belongs to the image tower, the pictures' features are computed once.
    ///
    /// Throws `TrainingError` or `EvaluationError` where the data do not suit.
    public convenience init(
        model: AlignedModel, data: PairDataset, captions: [PairDataset.Caption], embeddings: Tensor,
        train: Set<Part> = [.adapter, .image], inputHashes: [String: String], options: TrainingOptions
    ) throws {
        try embeddings.requireFeatures("embedder's vectors")
        guard embeddings.shape[0] == captions.count else {
            throw EvaluationError.count("vectors", expected: captions.count, found: embeddings.shape[0])
        }
        guard train.compactMap(\.rank).first == model.lowRank?.rank else {
            throw TrainingError.invalidOption(
                key: "train", value: train.words, expected: "the model has other matrices of low rank")
        }
        try self.init(
            Tuned(
                image: model.image, textSide: .adapter(model.adapter.configuration), parameters: model.parameters,
                logitScale: model.logitScale, logitBias: model.logitBias, imageTwin: model.imageTwin),
            data: data, captions: captions, train: train, inputHashes: inputHashes, options: options
        ) { samples, tape in
            model.adapter(tape.constant(embeddings.gathering(rows: samples, in: tape.workspace)))
        }
    }

    /// Tunes a CLIP with its own text tower, such as one with more positions (Long-CLIP, arXiv 2403.15378).
    ///
    /// - `model`: what is trained, in place. The others are as above.
    public convenience init(
        model: CLIPModel, tokenizer: any Tokenizer, data: PairDataset, captions: [PairDataset.Caption],
        train: Set<Part> = [.text], inputHashes: [String: String], options: TrainingOptions
    ) throws {
        try self.init(
            Tuned(
                image: model.image,
                textSide: .tower(model.text.configuration) { tokenizer.encode(captions.map(\.text)).tokenCount },
                parameters: model.parameters,
                logitScale: model.logitScale, logitBias: model.logitBias, imageTwin: model.imageTwin),
            data: data, captions: captions, train: train, inputHashes: inputHashes, options: options
        ) { samples, tape in
            model.text(tokenizer.encode(samples.map { captions[$0].text }), tape: tape).l2Normalized()
        }
    }

    private init(
        _ model: Tuned, data: PairDataset, captions: [PairDataset.Caption], train: Set<Part>,
        inputHashes: [String: String], options: TrainingOptions, texts: @escaping ([Int], Tape) throws -> Variable
    ) throws {
        try options.validate(for: .tune)
        let layers = model.image.configuration.layers
        if let excess = train.first(where: { if case .last(let count) = $0 { count > layers } else { false } }) {
            throw TrainingError.invalidOption(
                key: "train", value: excess.description, expected: "the image tower has \(layers) blocks")
        }
        (image, textSide, self.train) = (model.image, model.textSide, train)
        imageParameterCount = model.parameters.filter { $0.path.hasPrefix("image/") }.map(\.shape.count).reduce(0, +)
        self.data = data
        self.captions = captions
        self.texts = texts
        self.inputHashes = inputHashes.merging(["train": train.words, "pairs": data.hash]) { $1 }
        micro = options.micro
        contrastive = try options.contrastive(model.logitScale, model.logitBias)
        infoWeight = options.infoWeight ?? 1
        parameters = model.parameters.filter(\.isTrained).filter { parameter in
            !parameter.path.contains("/") || train.contains { $0.trains(parameter.path, layers: layers) }
        }
        let changesImages = train.contains(where: \.isOfImageTower)
        regularisation =
            changesImages && options.lambda > 0
            ? try Regularisation(
                model.imageTwin(), data: data, trained: Set(parameters.map(\.path)), options: options) : nil
        guard infoWeight > 0 || regularisation != nil else {
            throw TrainingError.invalidOption(
                key: "info_weight", value: "0", expected: "without L_info and without L_reg nothing is learned")
        }
        average = regularisation?.average
        frozenImages = changesImages ? nil : try Features().images(of: data, by: model.image)
        position = try StagePosition(pictureOf: captions.map(\.picture), stage: .tune, options: options)
        stepsPerEpoch = position.sampler.stepsPerEpoch
    }

    public func loss(of samples: [Int], on tape: Tape) throws -> StageLoss {
        let text = try rows(samples.count, on: tape) { [texts] range, tape in try texts(Array(samples[range]), tape) }
        let pictures = samples.map { captions[$0].picture }
        let pixels = try pixels(of: pictures, in: tape.workspace)
        let features =
            if let frozenImages {
                tape.constant(frozenImages.gathering(rows: pictures, in: tape.workspace))
            } else {
                try features(pictures.count, by: image, pixels, on: tape)
            }
        let info = contrastive(image: features, text: text)
        var (total, terms) = (infoWeight == 1 ? info : info.scaled(by: infoWeight), [(contrastive.name, info)])
        if let regularisation {
            let target: Tensor
            switch regularisation.source {
            case .features(let all): target = all.gathering(rows: pictures, in: tape.workspace)
            case .tower(let tower):
                let frozen = Tape(workspace: tape.workspace, products: tape.products) { _ in false }
                target = try self.features(pictures.count, by: tower, pixels, on: frozen).value
            }
            let held = regularisation.alignment(features, target: target)
            let weighted = held.total.scaled(by: regularisation.lambda)
            total = infoWeight > 0 ? total + weighted : weighted
            terms += held.terms
        }
        return StageLoss(
            total: total, terms: terms, embeddings: text.value, chance: contrastive.chance(batch: text.shape[0]))
    }

    /// The pictures' pixels [R, 3, S, S] for a range of them: made when they are asked for where few pass at a time, else
    /// once for both towers.
    private func pixels(of pictures: [Int], in workspace: Workspace) throws -> (Range<Int>) throws -> Tensor {
        let make = { [data, tower = image] (range: Range<Int>) in
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
        let (average, recompute) = (regularisation?.hasTower ?? false, options.recompute ?? false)
        switch textSide {
        case .adapter(let adapter):
            return TrainingMemory(
                tuning: image.configuration, imageParameters: imageParameterCount, adapter: adapter, train: train,
                average: average, batch: options.batch, micro: options.micro, recompute: recompute)
        case .tower(let text, let longest):
            return TrainingMemory(
                tuning: image.configuration, imageParameters: imageParameterCount, text: text, tokens: longest(),
                train: train, average: average, batch: options.batch, micro: options.micro, recompute: recompute)
        }
    }
}

extension Set<TuneStage.Part> {
    /// As a checkpoint keeps them.
    fileprivate var words: String { map(\.description).sorted().joined(separator: ",") }
}
