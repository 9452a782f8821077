internal import Archive
import Foundation
internal import Learning
internal import ProCLIP
internal import Rendering

extension Session {
    /// Runs an experiment to its end or until it is stopped, from `resumedCheckpoint` when there is one. Steps go to the
    /// progress sink and to `metrics.jsonl`; the checkpoint bears the name of the result.
    func perform(
        _ experiment: some Experiment, _ options: TrainingOptions, _ arguments: Arguments
    ) throws -> Outcome {
        let origin = try RunOrigin(arguments, in: self)
        return try perform(
            experiment, options, canary: try CanaryTask(arguments),
            name: arguments.resultName ?? trainedName(arguments), origin: origin)
    }

    private func trainedName(_ arguments: Arguments) -> String {
        arguments.source.text(of: arguments.verbSpan)
    }

    private func perform(
        _ experiment: some Experiment, _ options: TrainingOptions, canary: CanaryTask?, name: String, origin: RunOrigin
    ) throws -> Outcome {
        if isRehearsing {
            return Outcome(try rehearse(try experiment.start(options).trainer, name))
        }
        let path = checkpointPath(name)
        try AtomicWrite.check(path)
        var options = options
        // A pause that was asked for has been; what continues runs to its end.
        if resumedCheckpoint != nil { (options.stop, options.drop) = (nil, nil) }
        let (trainer, model) = try start(experiment, options, name)
        let (kind, recorded) = (trainer.stage.kind, recordedName(name))
        trainer.canary = try canary?.canary(
            of: { try experiment.content(model, history: [], pause: nil) },
            startingAs: { try experiment.content(experiment.start(options).model, history: [], pause: nil) },
            hasStarted: trainer.step > 0, holding: kind == .tune, name, in: self)
        record?.note(options: .object(options.listed(for: kind).map { ($0.key, .string($0.value)) }), of: recorded)
        if try trainedStore?.restore(into: trainer) == true {
            log("\(name): nothing has changed since it was trained, so it is taken from there; --fresh trains it anew")
            for step in trainer.history { try record?.append(step.values(chance: nil), of: recorded, step: step.step) }
        }
        var notes: [String] = []
        var failure: (any Error)?
        let outcome = try trainer.run(stop: stop, checkpointPath: path, provenance: try origin.text) { event in
            do {
                if case .canary(let reading) = event {
                    let drawing = canary?.watched?.matrices(trainer.readings, of: name).last
                    try tell(reading, of: recorded, drawing: drawing)
                } else {
                    try observe(event, experiment.label, recorded, options, &notes)
                }
            } catch { failure = failure ?? error }
        }
        if let failure { throw failure }
        if outcome == .finished, let dropped = try trainedStore?.keep(trainer), dropped > 0 {
            log(
                "\(dropped) older training\(dropped == 1 ? "" : "s") made room: \(Memory.text(TrainedStore.limit)) of finished "
                    + "trainings are kept for replays (cache shows them)")
        }
        var pause: Pause?
        if outcome == .paused {
            pause = Pause(step: trainer.step, steps: trainer.steps, checkpoint: path) { [options] session in
                session.resumedCheckpoint = path
                return try session.perform(experiment, options, canary: canary, name: name, origin: origin)
            }
            notes.append("paused at step \(trainer.step) of \(trainer.steps); resume \(name) continues it")
        }
        var content = try experiment.content(model, history: trainer.history, pause: pause)
        content.training = Training(
            stage: kind, options: options, seconds: trainer.seconds, readings: trainer.readings,
            watched: canary?.watched
        ) { [history = trainer.history] in
            let (trainer, _) = try experiment.start(options)
            try Checkpoint(path).restore(into: trainer)
            // Another run may have taken the name since.
            guard trainer.history == history else {
                throw TrainingError.changed(checkpoint: path, what: "it is another run's by now")
            }
            return try trainer.anatomy()
        }
        return Outcome(
            reply(name, content, options.listed(for: kind), trainer.history, notes), content: content)
    }

    /// A trainer in the state of `resumedCheckpoint`; where the statement is one of those that a resumed run reads from, in
    /// the state that its own checkpoint has kept, so that it need not be trained again; else in its first state.
    private func start<E: Experiment>(
        _ experiment: E, _ options: TrainingOptions, _ name: String
    ) throws -> (trainer: Trainer<E.S>, model: E.Model) {
        let fresh = try experiment.start(options)
        if let earlier = resumedCheckpoint {
            resumedCheckpoint = nil
            try Checkpoint(earlier).restore(into: fresh.trainer)
        } else if let folder = keptCheckpoints {
            let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            for file in files.sorted() where file == "\(name).h5" || file.hasPrefix("\(name)-") {
                guard let kept = try? Checkpoint("\(folder)/\(file)") else { continue }
                do {
                    try kept.restore(into: fresh.trainer)
                    return fresh
                } catch TrainingError.changed {
                    // Another run has the name, or has taken it since.
                } catch { return try experiment.start(options) }
            }
        }
        return fresh
    }

    /// What tells trainings apart that bear the same name: the values of the loops that they run in.
    private var loopValues: [String] { loopVariables.map { "\($0)=\(variables[$0]?.interpolated ?? "")" } }

    /// The name under which a record keeps a training's steps: `m(lambda=0.1, seed=2)`.
    private func recordedName(_ name: String) -> String {
        let values = loopValues
        return values.isEmpty ? name : "\(name)(\(values.joined(separator: ", ").replacing("/", with: "_")))"
    }

    /// In the folder of the recorded run, else in the user's cache: `m.h5`, in loops `m-lambda=0.1-seed=2.h5`.
    private func checkpointPath(_ name: String) -> String {
        let folder = record?.checkpoints ?? places.checkpoints
        let values = loopValues.map { value in
            "-" + value.map { $0.isASCII && ($0.isLetter || $0.isNumber || "=.+-".contains($0)) ? $0 : "_" }
        }
        return "\(folder)/\(name)\(values.joined().prefix(200)).h5"
    }

    private func observe(
        _ event: TrainingEvent, _ label: String, _ recorded: String, _ options: TrainingOptions,
        _ notes: inout [String]
    ) throws {
        switch event {
        case .note(let sentence): notes.append(sentence)
        case .checkpoint, .canary: break
        case .step(let point):
            let terms = point.record.losses(chance: point.chance)
            progress(
                Progress(
                    label: label, step: point.record.step, total: point.steps, terms: terms,
                    learningRate: Double(point.record.learningRate), samplesPerStep: options.batch))
            try record?.append(point.record.values(chance: point.chance), of: recorded, step: point.record.step)
        }
    }

    private func tell(_ reading: CanaryReading, of recorded: String, drawing: Matrix?) throws {
        let sentence = "\(recorded), canary after \(reading.step) steps: \(reading.text)"
        if let drawing { watch(sentence, Reply([.matrix(drawing)])) } else { log(sentence) }
        try record?.append(reading.recorded, of: recorded, step: reading.step)
    }

    private func reply(
        _ name: String, _ content: any TrainedContent, _ options: [(key: String, value: String)],
        _ history: [StepRecord],
        _ notes: [String]
    ) -> Reply {
        let settings = options.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
        var reply = Reply(
            [.note(([content.summary, settings] + notes).joined(separator: "\n"))], fields: content.fields)
        if history.count > 1 {
            let lines = history.lossCourses.map { Chart.Line(name: $0.name, x: $0.steps, y: $0.values) }
            reply.blocks.append(.chart(Chart(title: "loss", xAxis: "step", lines: lines, isBrief: true)))
        }
        let courses = content.canaryCourses
        if !courses.isEmpty {
            let lines = courses.map { Chart.Line(name: $0.name, x: $0.steps, y: $0.values) }
            reply.blocks.append(.chart(Chart(title: "canary", xAxis: "step", lines: lines, isBrief: true)))
        }
        reply.blocks += (content.training?.drawings(of: name) ?? []).spread(2).map { .matrix($0) }
        return reply
    }
}

extension StepRecord {
    /// The loss, its terms, and what chance would give.
    fileprivate func losses(chance: Float?) -> [(name: String, value: Double)] {
        [("loss", Double(loss))] + terms.map { ($0.name, Double($0.value)) }
            + (chance.map { [("chance", Double($0))] } ?? [])
    }

    /// All that a record of the run keeps of a step.
    fileprivate func values(chance: Float?) -> [(name: String, value: Double)] {
        losses(chance: chance) + [("lr", Double(learningRate)), ("gradient_norm", gradientNorm)]
    }
}
