import Foundation
import Layers
import Learning
import Tensors
import Testing
import Towers

@testable import ProCLIP

/// `precision=bf16` at sizes at which a product is rounded where the processor has tiles.
@Suite struct TrainingPrecisionTests {
    private let options: TrainingOptions = {
        var options = TrainingOptions(stage: .distill, preset: .pico)
        (options.batch, options.epochs, options.warmup) = (64, 3, 2)
        return options
    }()

    private func trainer(_ precision: TrainingPrecision?, stop: Int? = nil) throws -> Trainer<DistillStage> {
        var options = options
        (options.precision, options.stop) = (precision, stop)
        var generator = RandomGenerator(seed: 3)
        let source = ParameterSource(seed: 1)
        let configuration = Adapter.Configuration(inputs: 64, outputs: 64, blocks: 2, expansion: 4)
        let adapter = try Adapter(configuration: configuration, scope: source.root["adapter"])
        let stage = try DistillStage(
            adapter: adapter, parameters: try source.finish(), embeddings: .normal([256, 64], using: &generator),
            targets: .normal([256, 64], using: &generator), inputHashes: [:], options: options)
        return try Trainer(stage, options: options)
    }

    private func bits(_ trainer: Trainer<DistillStage>) -> [[UInt32]] {
        trainer.stage.parameters.map { $0.value.values.map(\.bitPattern) }
    }

    @Test func coarseProductsLearnNearlyTheSame() throws {
        let (fine, coarse) = (try trainer(nil), try trainer(.bf16))
        for trainer in [fine, coarse] { #expect(try trainer.run() == .finished) }
        let losses = [fine, coarse].compactMap { $0.history.last?.loss }
        #expect(losses.count == 2 && abs(losses[1] / losses[0] - 1) < 5e-3)
    }

    @Test func coarseRunsResumeToTheSameBits() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString + ".h5").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let (whole, first, resumed) = (try trainer(.bf16), try trainer(.bf16, stop: 5), try trainer(.bf16))
        _ = try whole.run()
        #expect(try first.run(checkpointPath: path) == .paused)
        try Checkpoint(path).restore(into: resumed)
        _ = try resumed.run()
        #expect(bits(whole) == bits(resumed))
        #expect(whole.history == resumed.history)
    }

    /// A checkpoint goes on in the precision that it was begun in.
    @Test func precisionIsPartOfTheRun() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString + ".h5").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        _ = try trainer(.bf16, stop: 2).run(checkpointPath: path)
        let kept = try Checkpoint(path).options
        #expect(kept.precision == .bf16)
        #expect(kept.listed(for: .distill).contains { $0 == ("precision", "bf16") })
    }
}
