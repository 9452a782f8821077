import Autodiff
import Foundation
import Inputs
import Layers
import Learning
import Tensors
import TestSupport
import Testing
import Towers

@testable import ProCLIP

/// The first ten losses and all gradients of each stage against PyTorch, from the same weights and batches.
@Suite struct GoldenRunTests {
    private let golden: Golden
    private let allowed = Tolerance(relative: 1e-4)

    init() throws { golden = try Golden() }

    private func run(_ stage: some Stage, _ options: TrainingOptions) throws {
        let (name, trainer) = (stage.kind.rawValue, try Trainer(stage, options: options))
        #expect(trainer.steps == 10)
        let losses = try golden.fixture.tensor("\(name)/losses")
        let expected = golden.fixture.group("\(name)/gradients")
        for step in 0..<trainer.steps {
            let batch = try golden.integers("\(name)/batches", row: step)
            let gradients = try trainer.gradients(of: batch).gradients
            #expect(gradients.paths == expected.keys.sorted())
            for path in gradients.paths {
                let gradient = try #require(gradients[path])
                let reference = try #require(expected[path]).step(step)
                if path.hasSuffix("/key/bias") {
                    // A constant added to all of a query's scores changes no probability: 0 but for rounding.
                    let weight = try #require(expected[path.replacing("bias", with: "weight")]).step(step)
                    let scale = weight.squaredNorm
                    #expect(gradient.squaredNorm < 1e-10 * scale, "\(name), step \(step), gradient of \(path)")
                } else {
                    expectClose(gradient, reference, "\(name), step \(step), gradient of \(path)", allowed)
                }
            }
            let record = try trainer.advance(batch).record
            let found = [record.loss] + record.terms.map(\.value)
            expectClose(
                Tensor(found, shape: [found.count]), losses.step(step), "\(name), step \(step), loss and terms", allowed
            )
        }
    }

    private func options(_ stage: StageKind) -> TrainingOptions {
        var options = TrainingOptions(stage: stage, preset: .pico)
        (options.batch, options.epochs, options.warmup, options.clip) = (6, 2, 3, 1)
        (options.learningRate, options.ema, options.lambda) = (2e-3, 0.9, 0.2)
        if stage == .distill { options.structWeight = 63.5 }
        if stage == .tune { (options.towerLearningRate, options.structWeight) = (1e-3, 8) }
        return options
    }

    @Test func pretrain() throws {
        let stage = try PretrainStage(
            model: try golden.clip(), tokenizer: golden.tokenizer, data: golden.pairs,
            sampling: .init(classShare: 0, augmentation: nil), options: options(.pretrain))
        try run(stage, options(.pretrain))
    }

    @Test func distill() throws {
        let (adapter, parameters) = try golden.adapter()
        let stage = try DistillStage(
            adapter: adapter, parameters: parameters, embeddings: try golden.fixture.tensor("vectors"),
            targets: try golden.fixture.tensor("targets"), inputHashes: [:], options: options(.distill))
        try run(stage, options(.distill))
    }

    @Test func tune() throws {
        let stage = try TuneStage(
            model: try golden.aligned(), data: golden.pairs, captions: try golden.pairs.captions(),
            embeddings: try golden.fixture.tensor("vectors"), inputHashes: [:], options: options(.tune))
        try run(stage, options(.tune))
    }
}

extension Tensor {
    /// What a stack over the steps holds for one of them.
    fileprivate func step(_ index: Int) -> Tensor {
        rows(index..<index + 1).reshaped(Shape(Array(shape.dimensions.dropFirst())))
    }
}
