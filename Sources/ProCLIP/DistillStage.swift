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
    private let companions: Companions?

    /// Second texts of some samples, such as long captions beside short ones: they are distilled by L_ins alone, as in the
    /// paper's released code.
    public struct Companions {
        /// The embedder's vectors `[M, d]` and the teacher's features `[M, D]` of the second texts.
        let embeddings, targets: Tensor
        /// For each sample the row of its second text; nil where it has none.
        let rows: [Int?]

        public init(embeddings: Tensor, targets: Tensor, rows: [Int?]) {
            (self.embeddings, self.targets, self.rows) = (embeddings, targets, rows)
        }
    }

    /// - `parameters`: the adapter's; constants among them stay as they are.
    /// - `embeddings`: the embedder's vectors of N texts, `[N, d]`.
    /// - `targets`: the teacher's text features of the same, `[N, D]`, L2-normalised.
    /// - `meanings`: for each text a number that texts of one target share, of which a batch holds one; nil where each has a
    ///   target of its own.
    /// - `inputHashes`: what both were made from, by role.
    ///
    /// Throws `TrainingError` or `EvaluationError` where the data do not suit.
    public init(
        adapter: Adapter, parameters: [Parameter], embeddings: Tensor, targets: Tensor, meanings: [Int]? = nil,
        companions: Companions? = nil, inputHashes: [String: String], options: TrainingOptions
    ) throws {
        try options.validate(for: .distill)
        try embeddings.requireFeatures("embedder's vectors")
        try targets.requireFeatures("teacher's text features")
        guard embeddings.shape[0] == targets.shape[0] else {
            throw EvaluationError.mismatched("vectors and teacher features", embeddings.shape, targets.shape)
        }
        if let companions {
            try companions.embeddings.requireFeatures("embedder's vectors of second texts")
            try companions.targets.requireFeatures("teacher's features of second texts")
            guard companions.embeddings.shape[0] == companions.targets.shape[0] else {
                throw EvaluationError.mismatched(
                    "vectors and teacher features", companions.embeddings.shape, companions.targets.shape)
            }
        }
        let meanings = meanings ?? Array(0..<embeddings.shape[0])
        for (name, count) in [("meanings", meanings.count), ("second texts", companions?.rows.count ?? meanings.count)]
        where count != embeddings.shape[0] {
            throw EvaluationError.count(name, expected: embeddings.shape[0], found: count)
        }
        self.companions = companions
        self.adapter = adapter
        self.embeddings = embeddings
        self.targets = targets
        self.inputHashes = inputHashes
        self.parameters = parameters.filter(\.isTrained)
        alignment = options.alignment
        position = try StagePosition(
            pictureOf: meanings, stage: .distill, options: options)
        stepsPerEpoch = position.sampler.stepsPerEpoch
    }

    public func loss(of samples: [Int], on tape: Tape) throws -> StageLoss {
        let student = student(of: embeddings, samples, on: tape)
        let target = targets.gathering(rows: samples, in: tape.workspace)
        let loss = alignment(student, target: target)
        var (total, terms) = (loss.total, loss.terms)
        let rows = companions.map { companions in samples.compactMap { companions.rows[$0] } } ?? []
        if let companions, !rows.isEmpty {
            let second = alignment.instance(
                self.student(of: companions.embeddings, rows, on: tape),
                target: companions.targets.gathering(rows: rows, in: tape.workspace))
            total = total + second.scaled(by: alignment.instanceWeight)
            terms.append((name: "ins_long", value: second))
        }
        return StageLoss(total: total, terms: terms, embeddings: student.value)
    }

    /// [B, D]
    private func student(of vectors: Tensor, _ rows: [Int], on tape: Tape) -> Variable {
        adapter(tape.constant(vectors.gathering(rows: rows, in: tape.workspace)))
    }

    public func memory(_ options: TrainingOptions) -> TrainingMemory? {
        TrainingMemory(
            distilling: adapter.configuration, batch: options.batch, recompute: options.recompute ?? false)
    }
}
