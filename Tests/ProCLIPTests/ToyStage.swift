import Autodiff
import Inputs
import Layers
import Learning
import ProCLIP
import Tensors

/// The smallest stage: one linear layer maps random rows onto random targets.
final class ToyStage: Stage {
    let kind = StageKind.distill
    let parameters: [Parameter]
    let average: MovingAverage?
    let stepsPerEpoch: Int
    var inputHashes = ["texts": "toy"]
    var position: StagePosition
    let layer: Linear
    private let inputs: Tensor
    private let targets: Tensor
    /// Called with each batch's number before its loss is computed.
    var beforeLoss: (ToyStage, Int) -> Void = { _, _ in }
    private var calls = 0

    init(options: TrainingOptions, count: Int = 40) throws {
        var generator = RandomGenerator(seed: 3)
        inputs = Tensor.normal([count, 6], using: &generator)
        targets = Variable(Tensor.normal([count, 4], using: &generator)).l2Normalized().value
        let source = ParameterSource(seed: options.seed)
        layer = try Linear(inputs: 6, outputs: 4, scope: source.root["adapter"])
        parameters = try source.finish()
        average = MovingAverage(
            in: parameters.map { Parameter(path: $0.path, value: $0.value.copied()) }, decay: 0.9)
        position = StagePosition(
            sampler: try BatchSampler(count: count, batch: options.batch, seed: options.seed),
            random: RandomGenerator(seed: options.seed))
        stepsPerEpoch = position.sampler.stepsPerEpoch
    }

    func loss(of samples: [Int], on tape: Tape) throws -> StageLoss {
        calls += 1
        beforeLoss(self, calls)
        // Noise from the stage's own generator: a resumed run has to draw the same.
        let noise = position.random.normal() * 0.01
        let rows = Tensor(
            samples.flatMap { inputs.rows($0..<$0 + 1).values.map { $0 + noise } }, shape: [samples.count, 6])
        let target = Tensor(samples.flatMap { targets.rows($0..<$0 + 1).values }, shape: [samples.count, 4])
        let student = layer(tape.constant(rows)).l2Normalized()
        let loss = Alignment(penalty: .smoothL1(beta: 1), reduction: .mean, structWeight: 2)(student, target: target)
        return StageLoss(total: loss.total, terms: loss.terms, embeddings: student.value)
    }
}
