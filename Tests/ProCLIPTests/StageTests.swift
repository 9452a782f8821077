import Foundation
import Inputs
import Layers
import Learning
import Tensors
import TestSupport
import Testing
import Towers

@testable import ProCLIP

/// What a stage does beyond the golden run: baselines, exact resumption, memory.
@Suite struct StageTests {
    private let golden: Golden

    init() throws { golden = try Golden() }

    private func options(_ stage: StageKind, _ change: (inout TrainingOptions) -> Void = { _ in }) -> TrainingOptions {
        var options = TrainingOptions(stage: stage, preset: .pico)
        (options.batch, options.epochs, options.seed, options.clip) = (6, 2, 11, 1)
        change(&options)
        return options
    }

    private func pretrain(_ options: TrainingOptions) throws -> PretrainStage {
        try PretrainStage(
            model: try golden.clip(), tokenizer: golden.tokenizer, data: golden.pairs,
            sampling: .init(repeats: ["golden": 2]), options: options)
    }

    private func tune(
        _ model: AlignedModel, train: Set<TuneStage.Part> = [.adapter, .image], _ options: TrainingOptions
    ) throws -> TuneStage {
        try TuneStage(
            model: model, data: golden.pairs, captions: try golden.pairs.captions(),
            embeddings: try golden.fixture.tensor("vectors"), train: train, inputHashes: [:], options: options)
    }

    private func values(_ parameters: [Parameter]) -> [[UInt32]] {
        parameters.map { $0.value.values.map(\.bitPattern) }
    }

    /// Runs a stage whole, and another like it in two parts: weights, averages and history are to be bit-equal.
    private func expectExactResume<S: Stage>(_ stage: (TrainingOptions) throws -> S, _ options: TrainingOptions) throws
    {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString + ".h5").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let whole = try Trainer(try stage(options), options: options)
        #expect(try whole.run() == .finished)
        var first = options
        first.stop = 7
        #expect(try Trainer(try stage(first), options: first).run(checkpointPath: path) == .paused)
        let resumed = try Trainer(try stage(options), options: options)
        try Checkpoint(path).restore(into: resumed)
        #expect(try resumed.run() == .finished)
        #expect(values(whole.stage.parameters) == values(resumed.stage.parameters))
        #expect(values(whole.stage.averages) == values(resumed.stage.averages))
        #expect(whole.history == resumed.history)
    }

    @Test func pretrainingResumesExactly() throws { try expectExactResume(pretrain, options(.pretrain)) }

    @Test func tuningResumesExactly() throws {
        try expectExactResume({ try tune(try golden.aligned(), $0) }, options(.tune))
    }

    @Test func repeatsLengthenTheEpoch() throws {
        #expect(try pretrain(options(.pretrain)).stepsPerEpoch == 10)
    }

    @Test func withoutLambdaThereIsNoAverage() throws {
        let options = options(.tune) { $0.lambda = 0 }
        let stage = try tune(try golden.aligned(), options)
        #expect(stage.averages.isEmpty)
        let loss = try Trainer(stage, options: options).advance([0, 1, 2, 3, 5, 8]).loss
        #expect(loss.terms.map(\.name) == ["info"])
    }

    @Test func aFrozenImageTowerStaysAsItIs() throws {
        let (model, options) = (try golden.aligned(), options(.tune) { $0.lambda = 0 })
        let stage = try tune(model, train: [.adapter], options)
        #expect(stage.parameters.allSatisfy { !$0.path.hasPrefix("image/") })
        let before = values(model.parameters.filter { $0.path.hasPrefix("image/") })
        let adapter = values(stage.parameters)
        _ = try Trainer(stage, options: options).run()
        #expect(values(model.parameters.filter { $0.path.hasPrefix("image/") }) == before)
        #expect(values(stage.parameters) != adapter)
    }

    @Test func frozenFeaturesGiveTheLossOfTheTower() throws {
        let options = options(.tune) { $0.lambda = 0 }
        let batch = [0, 3, 7, 9, 12, 20]
        let losses = try [Set<TuneStage.Part>([.adapter]), [.adapter, .image]].map {
            try Trainer(try tune(try golden.aligned(), train: $0, options), options: options).advance(batch).record.loss
        }
        #expect(abs(losses[0] - losses[1]) < 1e-5 * losses[1])
    }

    @Test func afterTheFirstStepNothingIsAllocated() throws {
        let options = options(.tune)
        let trainer = try Trainer(try tune(try golden.aligned(), options), options: options)
        for batch in [[0, 3, 7, 9, 12, 20], [1, 4, 8, 10, 13, 21]] { _ = try trainer.advance(batch) }
        let before = Storage.allocationCount
        for batch in [[0, 3, 7, 9, 12, 20], [2, 5, 6, 11, 14, 22]] { _ = try trainer.advance(batch) }
        #expect(Storage.allocationCount == before)
    }

    @Test func theChanceLevelIsReported() throws {
        let options = options(.tune) { $0.stop = 1 }
        var chance: Float?
        _ = try Trainer(try tune(try golden.aligned(), options), options: options).run {
            if case .step(let progress) = $0 { chance = progress.chance }
        }
        #expect(chance == Float(log(6.0)))
    }

    @Test func theReductionIsExplained() throws {
        let options = options(.tune) { $0.stop = 1 }
        var notes: [String] = []
        _ = try Trainer(try tune(try golden.aligned(), options), options: options).run {
            if case .note(let note) = $0 { notes.append(note) }
        }
        #expect(notes == [Reduction.mean.explanation(structWeight: 255.5)])
    }

    @Test func vectorsThatAreNotFiniteAreRefused() throws {
        let vectors = try golden.fixture.tensor("vectors").copied()
        vectors.data[2 * vectors.shape[1] + 5] = .infinity
        let (adapter, parameters) = try golden.adapter()
        let error = #expect(throws: EvaluationError.self) {
            try DistillStage(
                adapter: adapter, parameters: parameters, embeddings: vectors,
                targets: try golden.fixture.tensor("targets"), inputHashes: [:], options: options(.distill))
        }
        #expect(error == .notFinite("embedder's vectors", row: 2))
    }
}
