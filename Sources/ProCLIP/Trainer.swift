internal import Autodiff
internal import Foundation
internal import Learning
internal import Tensors

/// The one training loop: batches from a stage, gradients from the tape, a step of AdamW, records and checkpoints.
///
/// Same machine, thread count, inputs and seed give the same bits, interrupted and resumed or not.
public final class Trainer<S: Stage> {
    public let stage: S
    public let options: TrainingOptions
    /// Steps of the whole run.
    public let steps: Int
    /// Steps done.
    public internal(set) var step = 0
    /// A record of every step done.
    public internal(set) var history: [StepRecord] = []
    /// What is measured beside the loss; set it before the run, and before a checkpoint is restored.
    public var canary: Canary?
    /// What it came to so far.
    public internal(set) var readings: [CanaryReading] = []
    /// What the steps so far have taken, interruptions and the canary left out; of a run that was taken from elsewhere, what
    /// they took there.
    public internal(set) var seconds = 0.0
    /// The last checkpoint that was written or resumed from.
    public internal(set) var lastCheckpoint: String?
    let optimiser: AdamW
    private let schedule: CosineSchedule
    private let workspace = Workspace()
    private let trainable: Set<String>
    private var hasWarned = false
    var hasWarnedOfForgetting = false

    /// Bytes that the steps so far have needed at a time, beside parameters, gradients and moments.
    public var workspaceByteCount: Int { workspace.byteCount }

    /// How a run ended.
    public enum Outcome: String, Sendable {
        case finished
        /// Stopped by the flag, by `stop` or by `drop`; the checkpoint continues it.
        case paused
    }

    /// Throws `TrainingError` where the options do not suit the stage.
    public init(_ stage: S, options: TrainingOptions) throws {
        try options.validate(for: stage.kind)
        self.stage = stage
        self.options = options
        steps = stage.stepsPerEpoch * options.epochs
        schedule = CosineSchedule(steps: steps, warmup: options.warmup)
        optimiser = AdamW(
            stage.parameters, average: stage.average, options: AdamW.Options(weightDecay: options.weightDecay))
        trainable = Set(stage.parameters.map(\.path))
    }

    /// Trains to the end, or until the flag is raised, `options.stop` steps are done or the canary has lost `options.drop`.
    ///
    /// - `checkpointPath`: written after the first step, then every `checkpointSeconds`, and when the run pauses or
    ///   ends; nil for none.
    /// - `provenance`: kept in checkpoints for whoever resumes: how the stage was built.
    ///
    /// Throws `TrainingError.notFinite` before a value that is not finite reaches a parameter, and `.abandoned`.
    public func run(
        stop: StopFlag = StopFlag(), checkpointPath: String? = nil, checkpointSeconds: Double = 30,
        provenance: String = "",
        observe: (TrainingEvent) -> Void = { _ in }
    ) throws -> Outcome {
        let last = min(steps, options.stop ?? steps)
        let (start, startStep) = (Date(), step)
        var checkpointDue = start
        if options.aligns(in: stage.kind) {
            observe(.note(options.reduction.explanation(structWeight: options.structWeight)))
        }
        try readCanary(stop, observe)
        while step < last && !stop.isRaised && !hasForgotten {
            let stepStart = Date()
            let (loss, record) = try advance(stage.nextBatch(), stop: stop)
            seconds += Date().timeIntervalSince(stepStart)
            let rate = Double(step - startStep) / max(1e-9, Date().timeIntervalSince(start))
            observe(
                .step(
                    TrainingProgress(
                        record: record, steps: steps, epoch: (step - 1) / stage.stepsPerEpoch + 1, chance: loss.chance,
                        samplesPerSecond: rate * Double(options.batch), remainingSeconds: Double(steps - step) / rate)))
            warnOfCollapse(loss, observe)
            try readCanary(stop, observe)
            if let checkpointPath, step == last || stop.isRaised || hasForgotten || Date() >= checkpointDue {
                try Checkpoint.write(self, to: checkpointPath, provenance: provenance)
                lastCheckpoint = checkpointPath
                checkpointDue = Date(timeIntervalSinceNow: checkpointSeconds)
                observe(.checkpoint(path: checkpointPath, step: step))
            }
        }
        return step == steps ? .finished : .paused
    }

    /// The loss and gradients of a batch at the present weights.
    func gradients(of batch: [Int], stop: StopFlag = StopFlag()) throws -> (loss: StageLoss, gradients: Gradients) {
        let tape = tape()
        do {
            return try abandonable(when: { stop.isUrgent }) {
                let loss = try stage.loss(of: batch, on: tape)
                let gradients = tape.gradients(of: loss.total)
                if let failure = tape.failure { throw failure }
                return (loss, gradients)
            }
        } catch is WorkAbandoned {
            throw TrainingError.abandoned(step: step + 1, checkpoint: lastCheckpoint)
        }
    }

    /// A tape that gives gradients to what is trained.
    func tape() -> Tape {
        Tape(
            workspace: workspace, recomputesBlocks: options.recompute ?? false,
            products: options.precision?.products ?? .float32
        ) { [trainable] in trainable.contains($0) }
    }

    /// One step on a batch.
    func advance(_ batch: [Int], stop: StopFlag = StopFlag()) throws -> (loss: StageLoss, record: StepRecord) {
        let position = step + 1
        let (loss, gradients) = try gradients(of: batch, stop: stop)
        let norm = gradients.globalNorm
        if let culprit = firstNotFinite(loss, gradients, norm: norm) {
            throw TrainingError.notFinite(tensor: culprit, step: position, checkpoint: lastCheckpoint)
        }
        let factor = schedule.factor(at: step)
        let scale = options.clip.map { Gradients.clipFactor(norm: norm, limit: $0) } ?? 1
        optimiser.step(gradients, gradientScale: scale) { factor * options.peakRate($0) }
        stage.finishStep()
        step = position
        let record = StepRecord(
            step: step, loss: loss.total.value.item,
            terms: loss.terms.map { .init(name: $0.name, value: $0.value.value.item) },
            learningRate: factor * options.learningRate, gradientNorm: norm)
        history.append(record)
        return (loss, record)
    }

    /// The first value that is not finite: what went in before what came out.
    private func firstNotFinite(_ loss: StageLoss, _ gradients: Gradients, norm: Double) -> String? {
        if loss.total.value.item.isFinite && norm.isFinite { return nil }
        if let parameter = stage.parameters.first(where: { !$0.value.isFinite }) {
            return "parameter \(parameter.path)"
        }
        if let term = loss.terms.first(where: { !$0.value.value.isFinite }) { return "loss term \(term.name)" }
        if !loss.total.value.isFinite { return "the total loss" }
        return gradients.paths.first { gradients[$0]?.isFinite == false }.map { "gradient of \($0)" }
            ?? "the norm of the gradients"
    }

    /// Says once when the embeddings run together.
    private func warnOfCollapse(_ loss: StageLoss, _ observe: (TrainingEvent) -> Void) {
        guard !hasWarned, step % 10 == 0, loss.meanCosine > 0.98 else { return }
        hasWarned = true
        observe(
            .note(
                "step \(step): the embeddings collapse, their mean pairwise cosine is \((loss.meanCosine * 1000).rounded() / 1000); "
                    + "lower lr or lengthen warmup"))
    }
}

extension Stage {
    /// The next samples in the stage's order.
    func nextBatch() -> [Int] { position.sampler.next() }
}
