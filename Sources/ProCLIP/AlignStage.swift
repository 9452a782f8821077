public import Autodiff
internal import Foundation
public import Layers
internal import Tensors

/// Stage 0, caption-contrastive tuning (LLM2CLIP, arXiv 2411.04997): a language model learns that texts of one meaning
/// belong together, two captions of a picture or one caption in two languages. Its raw states cluster by language and
/// length instead.
///
/// The loss is InfoNCE between two texts of each of B pictures, both ways (supervised SimCSE, arXiv 2104.08821).
public final class AlignStage: Stage {
    public let kind = StageKind.align
    public let parameters: [Parameter]
    public let inputHashes: [String: String]
    public var position: StagePosition
    public let stepsPerEpoch: Int
    private let groups: [[String]]
    private let temperature: Float
    private let encode: ([String], Tape) -> Variable

    /// - `groups`: the distinct texts of each meaning, at least two.
    /// - `parameters`: those of the encoder that are trained.
    /// - `encode`: B texts -> [B, d], L2-normalised.
    ///
    /// Throws `TrainingError` where there are fewer than two groups.
    public init(
        groups: [[String]], temperature: Float, parameters: [Parameter], inputHashes: [String: String],
        options: TrainingOptions, encode: @escaping ([String], Tape) -> Variable
    ) throws {
        try options.validate(for: .align)
        self.groups = groups.filter { $0.count > 1 }
        self.temperature = temperature
        self.parameters = parameters
        self.inputHashes = inputHashes
        self.encode = encode
        position = try StagePosition(
            pictureOf: Array(self.groups.indices), stage: .align, options: options)
        stepsPerEpoch = position.sampler.stepsPerEpoch
    }

    public func loss(of samples: [Int], on tape: Tape) throws -> StageLoss {
        var (first, second): ([String], [String]) = ([], [])
        for group in samples.map({ groups[$0] }) {
            let one = Int.random(in: 0..<group.count, using: &position.random)
            let other = Int.random(in: 1..<group.count, using: &position.random)
            first.append(group[one])
            second.append(group[(one + other) % group.count])
        }
        let (left, right) = (encode(first, tape), encode(second, tape))  // [B, d]
        let loss = Variable.infoNCE(
            image: left, text: right, logitScale: tape.constant(Tensor(scalar: -log(temperature))))
        return StageLoss(
            total: loss, terms: [], embeddings: left.value, chance: log(Float(samples.count)))
    }
}
