internal import ProCLIP
internal import Rendering

extension Session {
    /// How many steps a rehearsal takes; the first one also fills caches and is not timed.
    private static let rehearsedSteps = 4

    /// Trains a few steps of a run that is dropped afterwards and says what all of them will take.
    func rehearse<S: Stage>(_ trainer: Trainer<S>, _ name: String) throws -> Reply {
        let clock = ContinuousClock()
        let enough = StopFlag()
        var times: [ContinuousClock.Instant] = []
        _ = try trainer.run(stop: enough) { event in
            guard case .step = event else { return }
            times.append(clock.now)
            if times.count >= Self.rehearsedSteps || stop.isRaised { enough.raise() }
        }
        guard let first = times.first, let last = times.last, times.count > 1 else {
            return .note("\(name): \(trainer.steps) steps, too few to be timed")
        }
        let perStep = (last - first) / .seconds(1) / Double(times.count - 1)
        let (style, total) = (NumberStyle.significant(3), perStep * Double(trainer.steps))
        let memory = Machine.peakMemory
        let formula = trainer.stage.memory(trainer.options)
        var fields: Fields = [
            "steps": .integer(trainer.steps), "seconds": .number(total), "peak_memory_bytes": .integer(memory),
        ]
        if let formula { fields["training_memory_bytes"] = .integer(formula.total) }
        return .note(
            "\(name): \(trainer.steps) steps of \(style.text(perStep)) s, about \(style.text(total)) s in all; "
                + (formula.map { "\(Memory.text($0.total)) for training by its sizes, " } ?? "")
                + "at most \(Memory.text(memory)) of memory with what is loaded",
            fields: fields)
    }

    /// What earlier statements of a verb took.
    func experience(of verb: String) -> Reply {
        let times = transcript.entries.filter { $0.statement.split(separator: " ").first.map(String.init) == verb }
            .map(\.seconds)
        guard !times.isEmpty else {
            return .note("\(verb) trains nothing and has not run in this session, so its time is not known")
        }
        let mean = NumberStyle.significant(3).text(times.reduce(0, +) / Double(times.count))
        let count = "\(times.count) time\(times.count == 1 ? "" : "s")"
        return .note("\(verb) took \(mean) s in the mean of \(count) in this session")
    }
}
