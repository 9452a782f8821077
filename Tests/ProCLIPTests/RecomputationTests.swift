import Autodiff
import Learning
import Tensors
import Testing
import Towers

@testable import ProCLIP

/// What is computed in pieces or twice gives the loss and the gradients of what is computed once and whole.
@Suite struct RecomputationTests {
    private let golden: Golden
    private let batch = [0, 3, 7, 9, 12, 20]

    init() throws { golden = try Golden() }

    private func gradients(
        _ loss: ContrastiveLoss = .infonce, _ change: (inout TrainingOptions) -> Void
    ) throws -> (loss: Float, gradients: Gradients) {
        var options = TrainingOptions(stage: .tune, preset: .pico)
        (options.batch, options.seed, options.lambda, options.loss) = (6, 11, 0.5, loss)
        change(&options)
        let start = try golden.aligned()
        let model = try AlignedModel(
            image: start.image.configuration, adapter: start.adapter.configuration,
            tensors: Dictionary(
                start.parameters.map { ($0.path, $0.value) } + [("logit_bias", Tensor(scalar: -3))],
                uniquingKeysWith: { $1 }))
        let stage = try TuneStage(
            model: model, data: golden.pairs, captions: try golden.pairs.captions(),
            embeddings: try golden.fixture.tensor("vectors"), inputHashes: [:], options: options)
        // A tower that has left its average, so that L_reg has a gradient.
        for average in stage.averages {
            for index in 0..<average.value.shape.count { average.value.data[index] *= 0.9 }
        }
        let result = try Trainer(stage, options: options).gradients(of: batch)
        return (result.loss.total.value.item, result.gradients)
    }

    @Test(arguments: [1, 4, 5], ContrastiveLoss.allCases)
    func microBatchesGiveTheGradientsOfTheBatch(micro: Int, loss: ContrastiveLoss) throws {
        let whole = try gradients(loss) { _ in }
        let pieces = try gradients(loss) { $0.micro = micro }
        #expect(abs(pieces.loss - whole.loss) <= 1e-5 * whole.loss)
        #expect(pieces.gradients.paths == whole.gradients.paths)
        for path in whole.gradients.paths {
            let (one, other) = (try #require(whole.gradients[path]), try #require(pieces.gradients[path]))
            let difference = Tensor.sum(one, other.scaled(by: -1)).squaredNorm.squareRoot()
            // Some gradients are zero but for rounding, as a key's bias.
            #expect(difference <= 1e-5 * one.squaredNorm.squareRoot() + 1e-6, "\(path)")
        }
    }

    @Test(arguments: [nil, 4] as [Int?]) func recomputedBlocksGiveTheSameBits(micro: Int?) throws {
        let kept = try gradients { $0.micro = micro }
        let recomputed = try gradients { ($0.micro, $0.recompute) = (micro, true) }
        #expect(recomputed.loss == kept.loss)
        #expect(recomputed.gradients.paths == kept.gradients.paths)
        for path in kept.gradients.paths {
            #expect(recomputed.gradients[path]?.values == kept.gradients[path]?.values, "\(path)")
        }
    }

    /// Kept are the blocks' inputs, not what lies inside.
    @Test func recomputationSavesMemory() {
        func bytes(_ recomputes: Bool) -> Int {
            let tape = Tape(recomputesBlocks: recomputes)
            var x = tape.leaf(.full([64, 64], 0.5), path: "x")
            for _ in 0..<20 { x = x.passed { $0.gelu().gelu().gelu().gelu().gelu() + $0 } }
            _ = tape.gradients(of: x.sum())
            return tape.workspace.byteCount
        }
        #expect(bytes(true) * 3 < bytes(false))
    }
}
