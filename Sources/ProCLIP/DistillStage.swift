public import Autodiff
public import Layers
internal import Learning
public import Tensors
public import Towers

/// Stage 1, representation inheritance: the adapter learns from texts alone to place the embedder's vectors where the
/// teacher's text tower places the same texts. The loss is L_dis = L_ins + L_struct.
public final class DistillStage: Stage {
    public let kind = StageKind.distill
    public let parameters: [Parameter]
    public let inputHashes: [String: String]
    public var position: StagePosition
    public let stepsPerEpoch: Int
    private let adapter: Adapter
    private let embeddings: Tensor
    private let targets: Tensor
    private let alignment: Alignment

    /// - Parameters:
    ///   - parameters: the adapter's; constants among them stay as they are.
    ///   - embeddings: the embedder's vectors of N texts, `[N, d]`.
    ///   - targets: the teacher's text features of the same, `[N, D]`, L2-normalised.
    ///   - inputHashes: what both were made from, by role.
    /// Throws `TrainingError` or `EvaluationError` where the data do not suit.
    public init(
        adapter: Adapter, parameters: [Parameter], embeddings: Tensor, targets: Tensor,
        inputHashes: [String: String], options: TrainingOptions
    ) throws {
        try options.validate(for: .distill)
        try embeddings.requireFeatures("embedder's vectors")
        try targets.requireFeatures("teacher's text features")
        guard embeddings.shape[0] == targets.shape[0] else {
            throw EvaluationError.mismatched("vectors and teacher features", embeddings.shape, targets.shape)
        }
        self.adapter = adapter
        self.embeddings = embeddings
        self.targets = targets
        self.inputHashes = inputHashes
        self.parameters = parameters.filter(\.isTrained)
        alignment = options.alignment
        position = try StagePosition(
            pictureOf: Array(0..<embeddings.shape[0]), stage: .distill, options: options)
        stepsPerEpoch = position.sampler.stepsPerEpoch
    }

    public func loss(of samples: [Int], on tape: Tape) throws -> StageLoss {
        let student = adapter(tape.constant(embeddings.gathering(rows: samples, in: tape.workspace)))
        let loss = alignment(student, target: targets.gathering(rows: samples, in: tape.workspace))
        return StageLoss(total: loss.total, terms: loss.terms, embeddings: student.value)
    }

    public func memory(_ options: TrainingOptions) -> TrainingMemory? {
        TrainingMemory(
            distilling: adapter.configuration, batch: options.batch, recompute: options.recompute ?? false)
    }
}
