import Layers
import Tensors
import Testing
import Towers

@testable import ProCLIP

/// What a step takes is what the formula says, from sizes alone.
@Suite struct TrainingMemoryTests {
    private func isNear(_ formula: TrainingMemory, _ measured: Int, within tolerance: Double = 0.25) -> Bool {
        let ratio = Double(formula.step) / Double(measured)
        print("  formula / measured \((ratio * 100).rounded() / 100)")
        return (1 - tolerance...1 + tolerance).contains(ratio)
    }

    private func features(_ count: Int, _ width: Int) -> Tensor {
        var generator = RandomGenerator(seed: 1)
        return Tensor.normal([count, width], using: &generator)
    }

    @Test(arguments: [(64, 32, 1, 8), (128, 64, 4, 2), (96, 48, 2, 4)], [64, 512])
    func ofStageOne(sizes: (Int, Int, Int, Int), batch: Int) throws {
        let adapter = Adapter.Configuration(inputs: sizes.0, outputs: sizes.1, blocks: sizes.2, expansion: sizes.3)
        let source = ParameterSource(seed: 1)
        let built = try Adapter(configuration: adapter, scope: source.root["adapter"])
        let parameters = try source.finish()
        #expect(parameters.map(\.shape.count).reduce(0, +) == adapter.parameterCount)
        var options = TrainingOptions(stage: .distill)
        (options.batch, options.epochs, options.stop) = (batch, 2, 2)
        let stage = try DistillStage(
            adapter: built, parameters: parameters, embeddings: features(batch, adapter.inputs),
            targets: features(batch, adapter.outputs), inputHashes: [:], options: options)
        let trainer = try Trainer(stage, options: options)
        _ = try trainer.run()
        #expect(isNear(TrainingMemory(distilling: adapter, batch: batch), trainer.workspaceByteCount))
    }

    @Test(arguments: [nil, 4] as [Int?], [false, true]) func ofStageTwo(micro: Int?, recompute: Bool) throws {
        let golden = try Golden()
        let start = try golden.aligned()
        var image = start.image.configuration
        (image.width, image.layers, image.heads, image.mlpWidth) = (32, 6, 4, 128)
        (image.imageSize, image.patchSize) = (64, 4)
        let model = try AlignedModel(
            image: image, adapter: start.adapter.configuration, source: ParameterSource(seed: 1))
        var options = TrainingOptions(stage: .tune, preset: .pico)
        (options.batch, options.stop, options.micro, options.recompute) = (16, 2, micro, recompute)
        let stage = try TuneStage(
            model: model, data: golden.pairs, captions: try golden.pairs.captions(),
            embeddings: try golden.fixture.tensor("vectors"), inputHashes: [:], options: options)
        let trainer = try Trainer(stage, options: options)
        _ = try trainer.run()
        let count = model.parameters.filter { $0.path.hasPrefix("image/") }.map(\.shape.count).reduce(0, +)
        let formula = TrainingMemory(
            tuning: image, imageParameters: count, adapter: start.adapter.configuration, train: [.adapter, .image],
            average: true, batch: 16, micro: micro, recompute: recompute)
        #expect(isNear(formula, trainer.workspaceByteCount))
    }
}
