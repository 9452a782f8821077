import Archive
import Foundation
import Learning
import ProCLIP
import Tensors
import Testing

@Suite struct TrainerTests {
    /// Five steps an epoch, three epochs.
    private func options(_ change: (inout TrainingOptions) -> Void = { _ in }) -> TrainingOptions {
        var options = TrainingOptions(stage: .distill, preset: .pico)
        (options.batch, options.epochs, options.learningRate) = (8, 3, 0.05)
        (options.warmup, options.clip, options.seed) = (2, 1, 7)
        change(&options)
        return options
    }

    private func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try body(folder)
    }

    private func bits(_ stage: ToyStage) -> [[UInt32]] {
        (stage.parameters + stage.averages).map { $0.value.values.map(\.bitPattern) }
    }

    @Test func trainingLowersTheLossAndReportsEveryStep() throws {
        let trainer = try Trainer(try ToyStage(options: options()), options: options())
        var steps: [TrainingProgress] = []
        let outcome = try trainer.run { if case .step(let progress) = $0 { steps.append(progress) } }
        #expect(outcome == .finished)
        #expect(steps.map(\.record.step) == Array(1...15))
        #expect(steps.map(\.epoch) == [1, 2, 3].flatMap { [Int](repeating: $0, count: 5) })
        #expect(trainer.history == steps.map(\.record))
        let losses = steps.map(\.record.loss)
        #expect(losses.suffix(5).reduce(0, +) < losses.prefix(5).reduce(0, +))
        #expect(steps[0].record.terms.map(\.name) == ["ins", "struct"])
        #expect(steps[0].record.learningRate == 0.025)
    }

    @Test func equalSeedsGiveEqualBits() throws {
        let stages = try (0..<2).map { _ in try ToyStage(options: options()) }
        for stage in stages { _ = try Trainer(stage, options: options()).run() }
        #expect(bits(stages[0]) == bits(stages[1]))
        let other = options { $0.seed = 8 }
        let stage = try ToyStage(options: other)
        _ = try Trainer(stage, options: other).run()
        #expect(bits(stage) != bits(stages[0]))
    }

    @Test(arguments: [1, 5, 7, 14])
    func resumedRunsAreBitEqual(stop: Int) throws {
        try withFolder { folder in
            let whole = try Trainer(try ToyStage(options: options()), options: options())
            _ = try whole.run()
            let path = folder + "/run.h5"
            let first = options { $0.stop = stop }
            let interrupted = try Trainer(try ToyStage(options: first), options: first)
            #expect(try interrupted.run(checkpointPath: path, provenance: "distill toy") == .paused)
            let resumed = try Trainer(try ToyStage(options: options()), options: options())
            let checkpoint = try Checkpoint(path)
            #expect(checkpoint.step == stop)
            #expect(checkpoint.provenance == "distill toy")
            try checkpoint.restore(into: resumed)
            #expect(try resumed.run() == .finished)
            #expect(bits(whole.stage) == bits(resumed.stage))
            #expect(whole.history == resumed.history)
        }
    }

    @Test func theFlagPausesAfterAStepAndWritesACheckpoint() throws {
        try withFolder { folder in
            let (flag, stage) = (StopFlag(), try ToyStage(options: options()))
            stage.beforeLoss = { if $1 == 3 { flag.raise() } }
            let trainer = try Trainer(stage, options: options())
            #expect(try trainer.run(stop: flag, checkpointPath: folder + "/run.h5") == .paused)
            #expect(trainer.step == 3)
            #expect(try Checkpoint(folder + "/run.h5").step == 3)
        }
    }

    @Test func aSecondRequestAbandonsTheStep() throws {
        try withFolder { folder in
            let (flag, stage) = (StopFlag(), try ToyStage(options: options()))
            stage.beforeLoss = { _, call in
                if call == 7 { for _ in 0..<2 { flag.raise() } }
            }
            let trainer = try Trainer(stage, options: options())
            let error = #expect(throws: TrainingError.self) {
                try trainer.run(stop: flag, checkpointPath: folder + "/run.h5", checkpointSeconds: 0)
            }
            #expect(error == .abandoned(step: 7, checkpoint: folder + "/run.h5"))
            #expect(try Checkpoint(folder + "/run.h5").step == 6)
        }
    }

    /// The step ends at its next operation: what is asked for after the request is not computed.
    @Test func anAbandonedStepIsNotComputedToItsEnd() throws {
        let (flag, stage) = (StopFlag(), try ToyStage(options: options()))
        let (ones, product) = (Tensor.full([64, 64], 1), Tensor.zeros([64, 64]))
        stage.beforeLoss = { _, _ in
            Tensor.matmul(ones, ones, into: product)
            for _ in 0..<2 { flag.raise() }
            Tensor.matmul(ones, ones, alpha: 2, into: product)
        }
        #expect(throws: TrainingError.abandoned(step: 1, checkpoint: nil)) {
            try Trainer(stage, options: options()).run(stop: flag)
        }
        #expect(product.values.allSatisfy { $0 == 64 })
        Tensor.matmul(ones, ones, alpha: 2, into: product)
        #expect(product.values.allSatisfy { $0 == 128 })
    }

    @Test func aParameterThatIsNotFiniteStopsTheRunByName() throws {
        try withFolder { folder in
            let stage = try ToyStage(options: options())
            stage.beforeLoss = { stage, call in if call == 8 { stage.layer.bias?.value.data[1] = .nan } }
            let trainer = try Trainer(stage, options: options())
            let path = folder + "/run.h5"
            let error = #expect(throws: TrainingError.self) {
                try trainer.run(checkpointPath: path, checkpointSeconds: 0)
            }
            #expect(error == .notFinite(tensor: "parameter adapter/bias", step: 8, checkpoint: path))
            #expect(try Checkpoint(path).step == 7)
        }
    }

    @Test func aDivergingRunStops() throws {
        let wild = options { ($0.learningRate, $0.clip, $0.epochs) = (1e38, nil, 20) }
        let trainer = try Trainer(try ToyStage(options: wild), options: wild)
        let error = #expect(throws: TrainingError.self) { try trainer.run() }
        guard case .notFinite(let tensor, _, nil)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(tensor.hasPrefix("parameter ") || tensor.hasPrefix("loss term ") || tensor.hasPrefix("gradient of "))
    }

    @Test func otherInputsOrOptionsAreRefused() throws {
        try withFolder { folder in
            let path = folder + "/run.h5"
            let first = options { $0.stop = 2 }
            _ = try Trainer(try ToyStage(options: first), options: first).run(checkpointPath: path)
            let checkpoint = try Checkpoint(path)
            let stage = try ToyStage(options: options())
            stage.inputHashes["texts"] = "others"
            let error = #expect(throws: TrainingError.self) {
                try checkpoint.restore(into: try Trainer(stage, options: options()))
            }
            #expect(error == .changed(checkpoint: path, what: "its texts was another one"))
            let other = options { $0.learningRate = 1 }
            #expect(throws: TrainingError.self) {
                try checkpoint.restore(into: try Trainer(try ToyStage(options: other), options: other))
            }
        }
    }

    @Test func aDamagedCheckpointIsRefused() throws {
        try withFolder { folder in
            let path = folder + "/run.h5"
            let first = options { $0.stop = 2 }
            _ = try Trainer(try ToyStage(options: first), options: first).run(checkpointPath: path)
            let (tensors, attributes) = try readTensors(path)
            func change(_ change: (Tensor) -> Tensor) throws {
                let changed = tensors.map { ($0.key, $0.key == "model/adapter/bias" ? change($0.value) : $0.value) }
                try writeTensors(path, tensors: changed, attributes: attributes)
            }
            func error() -> ArchiveError? {
                #expect(throws: ArchiveError.self) {
                    try Checkpoint(path).restore(
                        into: try Trainer(try ToyStage(options: options()), options: options()))
                }
            }
            try change { Tensor.full($0.shape, .nan) }
            #expect(error()?.description.contains("model/adapter/bias holds values that are not finite") == true)
            try change { $0.converted(to: .float16) }
            #expect(error()?.description.contains("holds float16, float32 is needed") == true)
        }
    }

    @Test func foreignFilesAreNoCheckpoints() throws {
        try withFolder { folder in
            try writeTensors(folder + "/model.h5", tensors: [("a", .zeros([1]))], attributes: ["kind": "model"])
            #expect(throws: ArchiveError.self) { try Checkpoint(folder + "/model.h5") }
            #expect(throws: ArchiveError.missingFile(folder + "/none.h5")) { try Checkpoint(folder + "/none.h5") }
        }
    }

    @Test func collapseIsWarnedAboutOnce() throws {
        let flat = options { ($0.learningRate, $0.epochs) = (0, 6) }
        let stage = try ToyStage(options: flat)
        stage.parameters[0].value.data.update(repeating: 0, count: 24)
        stage.layer.bias?.value.data.update(repeating: 1, count: 4)
        var notes: [String] = []
        _ = try Trainer(stage, options: flat).run {
            if case .note(let note) = $0, note.contains("collapse") { notes.append(note) }
        }
        #expect(notes.count == 1)
    }

    @Test func batchesOfOneAreRefusedWhereSamplesAreContrasted() {
        for stage in [StageKind.pretrain, .tune] {
            var options = TrainingOptions(stage: stage)
            options.batch = 1
            #expect(throws: TrainingError.batchTooSmall(stage: stage.rawValue, batch: 1)) {
                try options.validate(for: stage)
            }
        }
    }

    @Test func defaultsAreThePapers() {
        let (first, second) = (TrainingOptions(stage: .distill), TrainingOptions(stage: .tune))
        #expect(first.structWeight == 63.5)
        #expect(second.structWeight == 255.5)
        #expect(abs(second.lambda - 0.2048) < 1e-6)
        #expect(TrainingOptions(stage: .tune, reduction: .sum).lambda == 4e-4)
        #expect((first.batch, first.epochs, first.learningRate, first.weightDecay) == (1024, 4, 1e-5, 0.05))
    }

    @Test func impossibleOptionsAreNamed() {
        var options = TrainingOptions(stage: .tune)
        options.beta = 0
        let error = #expect(throws: TrainingError.self) { try options.validate(for: .tune) }
        #expect(error?.description == "beta=0.0 is not possible: give a value above 0")
    }
}
