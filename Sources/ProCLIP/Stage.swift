public import Autodiff
public import Inputs
public import Layers
public import Learning
public import Tensors

/// What differs between training runs: samples, loss, and what is trained. `Trainer` has the only loop.
public protocol Stage: AnyObject {
    var kind: StageKind { get }
    /// What the optimiser changes, each at its path.
    var parameters: [Parameter] { get }
    /// Of some of the parameters, which the optimiser updates with them.
    var average: MovingAverage? { get }
    var stepsPerEpoch: Int { get }
    /// Content hashes of everything that the run reads, by role: a resumed run must read the same.
    var inputHashes: [String: String] { get }
    /// Where the stage is in its data: all that a resumed run needs to draw the same batches.
    var position: StagePosition { get set }

    /// The loss of the samples with these indices.
    func loss(of samples: [Int], on tape: Tape) throws -> StageLoss
    /// Whatever follows the optimiser's step: clamps.
    func finishStep()
    /// What a run with these options takes, from sizes alone; nil where no formula is known.
    func memory(_ options: TrainingOptions) -> TrainingMemory?
}

extension Stage {
    public var average: MovingAverage? { nil }
    /// The twin parameters of the moving average; empty where there is none.
    public var averages: [Parameter] { average?.parameters ?? [] }
    public func finishStep() {}
    public func memory(_ options: TrainingOptions) -> TrainingMemory? { nil }
}

/// The order of samples and the state of everything random in a stage.
public struct StagePosition: Codable {
    public var sampler: BatchSampler
    public var random: RandomGenerator

    public init(sampler: BatchSampler, random: RandomGenerator) {
        self.sampler = sampler
        self.random = random
    }

    /// The start of a stage over samples of which a batch holds one a picture. Throws `TrainingError.tooFewSamples`.
    init(pictureOf: [Int], stage: StageKind, options: TrainingOptions) throws {
        let distinct = Set(pictureOf).count
        guard distinct >= 2 else {
            throw TrainingError.tooFewSamples(stage: stage.rawValue, samples: distinct)
        }
        sampler = try BatchSampler(pictureOf: pictureOf, batch: min(options.batch, pictureOf.count), seed: options.seed)
        random = RandomGenerator(seed: options.seed, stream: stage.rawValue)
    }
}

/// A step's loss as a stage gives it.
public struct StageLoss {
    /// The scalar that is minimised.
    public let total: Variable
    /// The terms by name, unweighted.
    public let terms: [(name: String, value: Variable)]
    /// The trained embeddings `[B, D]`, L2-normalised, watched for collapse.
    public let embeddings: Tensor
    /// The contrastive loss of guessing, ln B; nil where nothing is contrasted.
    public let chance: Float?

    public init(total: Variable, terms: [(name: String, value: Variable)], embeddings: Tensor, chance: Float? = nil) {
        self.total = total
        self.terms = terms
        self.embeddings = embeddings
        self.chance = chance
    }

    /// The mean cosine of all pairs of different samples: towards 1 when everything is mapped to one point.
    var meanCosine: Double {
        let (count, width) = (embeddings.shape[0], embeddings.shape[1])
        guard count > 1 else { return 0 }
        var squared = 0.0
        for column in 0..<width {
            var sum = 0.0
            for row in 0..<count { sum += Double(embeddings.data[row * width + column]) }
            squared += sum * sum
        }
        return (squared - Double(count)) / Double(count * (count - 1))
    }
}

extension Parameter {
    /// False for what was fitted once: the adapter's standardisation.
    var isTrained: Bool { !path.hasPrefix("adapter/standardise/") }
}
