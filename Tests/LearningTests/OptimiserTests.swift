import Autodiff
import Layers
import Learning
import Tensors
import TestSupport
import Testing

/// AdamW with two learning rates, warm-up and cosine, clipping, and the moving average, step by step against PyTorch.
@Suite struct OptimiserTests {
    private let names = ["tower/weight", "tower/bias", "adapter/weight"]
    private let steps = 12
    private let limit = 2.5
    private let schedule = CosineSchedule(steps: 12, warmup: 3)

    /// Gradients with given values, as a tape would hand them out.
    private func gradients(_ parameters: [Parameter], _ values: [Tensor]) -> Gradients {
        let tape = Tape()
        let leaves = parameters.map { tape.leaf($0.value, path: $0.path) }
        return tape.gradients(of: recorded(Tensor(scalar: 0), from: leaves) { _ in values.map { $0.copied() } })
    }

    private func rate(_ path: String, _ step: Int) -> Float {
        (path.hasPrefix("tower/") ? 1e-3 : 1e-2) * schedule.factor(at: step)
    }

    private func parameters(_ fixture: Fixture, prefix: String) throws -> [Parameter] {
        try names.map { Parameter(path: $0, value: try fixture.tensor("\(prefix)/\($0)").copied()) }
    }

    private func run(_ optimiser: AdamW, _ parameters: [Parameter], _ fixture: Fixture, steps: Range<Int>) throws {
        for step in steps {
            let gradients = gradients(parameters, try names.map { try fixture.tensor("\(step)/gradient/\($0)") })
            let factor = Gradients.clipFactor(norm: gradients.globalNorm, limit: limit)
            optimiser.step(gradients, gradientScale: factor) { rate($0, step) }
        }
    }

    @Test func twelveStepsEqualPyTorch() throws {
        let fixture = try Fixture("adamw")
        let (weights, averages) = (try parameters(fixture, prefix: "start"), try parameters(fixture, prefix: "start"))
        let optimiser = AdamW(weights, average: MovingAverage(in: averages, decay: 0.9))
        for step in 0..<steps {
            let gradients = gradients(weights, try names.map { try fixture.tensor("\(step)/gradient/\($0)") })
            #expect(abs(Float(gradients.globalNorm) - (try fixture.tensor("\(step)/norm").item)) < 1e-4)
            #expect(abs(schedule.factor(at: step) - (try fixture.tensor("\(step)/factor").item)) < 1e-6)
            try run(optimiser, weights, fixture, steps: step..<step + 1)
            for (weight, mean) in zip(weights, averages) {
                let path = weight.path
                expectClose(weight.value, try fixture.tensor("\(step)/value/\(path)"), "step \(step) \(path)")
                expectClose(
                    mean.value, try fixture.tensor("\(step)/average/\(path)"), "step \(step) average of \(path)")
            }
        }
        #expect(optimiser.step == steps)
    }

    @Test func restoredStateContinuesWithTheSameBits() throws {
        let fixture = try Fixture("adamw")
        let whole = try parameters(fixture, prefix: "start")
        try run(AdamW(whole), whole, fixture, steps: 0..<12)

        let first = try parameters(fixture, prefix: "start")
        let interrupted = AdamW(first)
        try run(interrupted, first, fixture, steps: 0..<5)
        let second = first.map { Parameter(path: $0.path, value: $0.value.copied()) }
        let resumed = AdamW(second)
        for (old, new) in zip(interrupted.state, resumed.state) {
            #expect(old.name == new.name)
            new.tensor.data.update(from: old.tensor.data, count: old.tensor.shape.count)
        }
        resumed.resume(at: interrupted.step)
        try run(resumed, second, fixture, steps: 5..<12)
        for (a, b) in zip(whole, second) { #expect(a.value.values == b.value.values, "\(a.path)") }
    }

    @Test func vectorsDoNotDecay() throws {
        let weights = [
            Parameter(path: "matrix", value: .full([2, 2], 1)), Parameter(path: "bias", value: .full([2], 1)),
            Parameter(path: "logit_scale", value: Tensor(scalar: 1)),
        ]
        let zero = weights.map { Tensor.zeros($0.value.shape) }
        AdamW(weights, options: .init(weightDecay: 0.5)).step(gradients(weights, zero)) { _ in 0.1 }
        #expect(weights.map { $0.value.values[0] } == [0.95, 1, 1])
    }
}
