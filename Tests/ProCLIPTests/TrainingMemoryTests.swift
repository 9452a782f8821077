import Inputs
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

    /// A hundred words, each a number; the longest text has 24.
    private struct Words: Tokenizer {
        func encode(_ texts: [String]) -> TokenBatch {
            TokenBatch(rows: texts.map { _ in (0..<24).map { Int32($0) } }, padding: 0)
        }
    }

    /// Long-CLIP's way, and both towers as from nothing.
    @Test(arguments: [[.text], [.text, .image]] as [Set<TuneStage.Part>], [nil, 4] as [Int?])
    func ofACLIP(train: Set<TuneStage.Part>, micro: Int?) throws {
        let golden = try Golden()
        let image = VisionTransformer.Configuration(
            imageSize: 64, patchSize: 8, width: 32, layers: 4, heads: 4, outputs: 16)
        let text = CLIPTextTransformer.Configuration(
            vocabularySize: 100, contextLength: 32, width: 48, layers: 5, heads: 4, outputs: 16)
        let model = try CLIPModel(image: image, text: text, source: ParameterSource(seed: 1))
        func count(_ side: String) -> Int {
            model.parameters.filter { $0.path.hasPrefix(side) }.map(\.shape.count).reduce(0, +)
        }
        #expect(text.parameterCount == count("text/"))
        var options = TrainingOptions(stage: .tune, preset: .pico)
        (options.batch, options.stop, options.micro, options.lambda) = (16, 2, micro, 0)
        let stage = try TuneStage(
            model: model, tokenizer: Words(), data: golden.pairs, captions: try golden.pairs.captions(), train: train,
            inputHashes: [:], options: options)
        let trainer = try Trainer(stage, options: options)
        _ = try trainer.run()
        let formula = TrainingMemory(
            tuning: image, imageParameters: count("image/"), text: text, tokens: 24, train: train, average: false,
            batch: 16, micro: micro)
        #expect(stage.memory(options) == formula)
        #expect(isNear(formula, trainer.workspaceByteCount))
    }
}
