import Foundation
import ProCLIP
import Testing

/// A number that is watched while the toy trains: five steps an epoch, three epochs.
@Suite struct CanaryTests {
    private func options(_ change: (inout TrainingOptions) -> Void = { _ in }) -> TrainingOptions {
        var options = TrainingOptions(stage: .distill, preset: .pico)
        (options.batch, options.epochs, options.learningRate, options.structWeight) = (8, 3, 0.05, 2)
        change(&options)
        return options
    }

    /// A trainer whose canary gives these values in turn.
    private func trainer(_ options: TrainingOptions, _ values: [Double]) throws -> Trainer<ToyStage> {
        let trainer = try Trainer(try ToyStage(options: options), options: options)
        var rest = values[...]
        trainer.canary = Canary(hash: "toy") { step in
            let value = rest.popFirst() ?? 0
            return CanaryReading(
                step: step, values: [.init(name: "acc1", value: value), .init(name: "cka", value: 1)],
                map: [[Float(value), 0], [0, 1]])
        }
        return trainer
    }

    @Test func itIsMeasuredBeforeTheFirstStepAndAfterEachEpoch() throws {
        let trainer = try trainer(options(), [0.4, 0.5, 0.48, 0.47])
        var seen: [CanaryReading] = []
        var notes: [String] = []
        _ = try trainer.run { event in
            if case .canary(let reading) = event { seen.append(reading) }
            if case .note(let note) = event { notes.append(note) }
        }
        #expect(seen.map(\.step) == [0, 5, 10, 15])
        #expect(seen.map { $0.values[0].value } == [0.4, 0.5, 0.48, 0.47])
        #expect(seen.map { $0.map?[0] } == [[0.4, 0], [0.5, 0], [0.48, 0], [0.47, 0]])
        #expect(trainer.readings == seen)
        #expect(trainer.readings.forgotten.map { abs($0.share - 0.06) < 1e-9 } == true)
        // Less than a tenth: nothing to warn of.
        #expect(!notes.contains { $0.contains("canary") })
    }

    @Test func aLostTenthIsWarnedOfOnce() throws {
        let trainer = try trainer(options(), [0.5, 0.4, 0.3, 0.2])
        var notes: [String] = []
        _ = try trainer.run { if case .note(let note) = $0, note.contains("canary") { notes.append(note) } }
        #expect(
            notes == [
                "step 5: the canary's acc1 fell from 0.5 to 0.4; lower lr or give fewer epochs; "
                    + "stop=drop:10% pauses such a run"
            ])
    }

    @Test func aLimitPausesTheRunAndResumingEndsItToTheSameBits() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).h5").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let values = [0.5, 0.5, 0.3, 0.2]
        let held = try trainer(options { $0.drop = 0.3 }, values)
        #expect(try held.run(checkpointPath: path) == .paused)
        #expect(held.step == 10)
        let resumed = try trainer(options(), Array(values.suffix(1)))
        try Checkpoint(path).restore(into: resumed)
        #expect(resumed.readings == held.readings)
        #expect(try resumed.run() == .finished)
        let whole = try trainer(options(), values)
        #expect(try whole.run() == .finished)
        #expect(resumed.readings == whole.readings)
        #expect(resumed.history == whole.history)
        #expect(zip(resumed.stage.parameters, whole.stage.parameters).allSatisfy { $0.value.values == $1.value.values })
    }

    @Test func aStoppedMeasurementIsMadeWhenTheRunGoesOn() throws {
        let (flag, options) = (StopFlag(), options())
        let trainer = try Trainer(try ToyStage(options: options), options: options)
        var calls = 0
        trainer.canary = Canary(hash: "toy") { step in
            calls += 1
            if calls == 2 {
                flag.raise()
                throw CancellationError()
            }
            return CanaryReading(step: step, values: [.init(name: "acc1", value: 1)])
        }
        #expect(try trainer.run(stop: flag) == .paused)
        #expect(trainer.readings.map(\.step) == [0] && trainer.step == 5)
        #expect(try trainer.run() == .finished)
        #expect(trainer.readings.map(\.step) == [0, 5, 10, 15])
    }

    @Test func aFailingMeasurementEndsTheRun() throws {
        let trainer = try trainer(options(), [])
        trainer.canary = Canary(hash: "toy") { _ in throw CancellationError() }
        #expect(throws: CancellationError.self) { try trainer.run() }
    }

    @Test func theAnatomyAddsUpAndLearnsNothing() throws {
        let trainer = try trainer(options(), [1, 1, 1, 1])
        _ = try trainer.run()
        let before = trainer.stage.parameters.map { $0.value.values }
        let anatomy = try trainer.anatomy()
        #expect(anatomy.batch == 8 && anatomy.chance == nil)
        #expect(anatomy.parts.map(\.name) == ["ins", "struct"] && anatomy.parts.map(\.weight) == [1, 2])
        let sum = anatomy.parts.map { $0.value * $0.weight }.reduce(0, +)
        #expect(abs(sum - anatomy.total) < 1e-6)
        #expect(anatomy.parts.allSatisfy { $0.gradientNorm > 0 })
        #expect(trainer.stage.parameters.map { $0.value.values } == before && trainer.step == 15)
        // The order of samples stays: asked again, the same batch is looked at.
        #expect(try trainer.anatomy().total == anatomy.total)
    }
}
