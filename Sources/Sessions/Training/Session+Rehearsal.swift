internal import Language
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

    /// How long a statement is tried that trains nothing.
    private static let trialSeconds = 2.0

    /// Runs a statement that trains nothing for a moment, drops what it makes, and says how long all of it will take.
    func trial(of command: any Command, _ arguments: Arguments) throws -> Reply {
        guard command.resultKind(arguments) != nil, !command.writesFiles else {
            return .note("\(command.name) does something at once that cannot be taken back, so it is not tried")
        }
        let clock = ContinuousClock()
        let start = clock.now
        var seen: (first: Progress, time: Double, last: Progress)?
        var isEnough = false
        let sink = progress
        defer { progress = sink }
        progress = { [stop] point in
            let elapsed = (clock.now - start) / .seconds(1)
            if let begun = seen, begun.first.label == point.label, begun.first.total == point.total {
                seen = (begun.first, begun.time, point)
            } else {
                seen = (point, elapsed, point)
            }
            guard elapsed > Self.trialSeconds, let seen, seen.last.step > seen.first.step, !stop.isRaised else {
                return
            }
            isEnough = true
            stop.raise()
        }
        let style = NumberStyle.significant(3)
        do {
            _ = try command.run(arguments, in: self)
            guard !isEnough else { throw TrialEnd.stopped }
        } catch {
            guard isEnough, let seen else { throw error }
            stop.lower()
            let elapsed = (clock.now - start) / .seconds(1)
            let rate = Double(seen.last.step - seen.first.step) / max(elapsed - seen.time, 1e-9)
            let seconds = seen.time + Double(seen.first.total - seen.first.step) / rate
            return .note(
                "\(command.name): \(seen.last.total) to \(seen.last.label) at \(style.text(rate)) a second, about "
                    + "\(style.text(seconds)) s until they are done; at most \(Memory.text(Machine.peakMemory)) of memory",
                fields: ["seconds": .number(seconds), "peak_memory_bytes": .integer(Machine.peakMemory)])
        }
        let seconds = (clock.now - start) / .seconds(1)
        return .note(
            "\(command.name): \(style.text(seconds)) s, it was short enough to be run; at most "
                + "\(Memory.text(Machine.peakMemory)) of memory; what it has made is dropped",
            fields: ["seconds": .number(seconds), "peak_memory_bytes": .integer(Machine.peakMemory)])
    }
}

/// A trial that was stopped and had a result all the same.
private enum TrialEnd: Error {
    case stopped
}
