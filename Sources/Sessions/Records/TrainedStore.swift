internal import Archive
import Foundation
internal import ProCLIP

/// Finished trainings by what went into them: the program, the stage, its options and the hashes of its inputs. A replay
/// takes an unchanged one from here.
struct TrainedStore {
    /// How many bytes are kept; the oldest trainings go first.
    static let limit = 16 << 30

    let folder: String
    /// Whether what is there is used.
    let isReading: Bool

    /// Where a run is kept.
    private func path<S: Stage>(of trainer: Trainer<S>) throws -> String {
        var options = trainer.options
        (options.stop, options.drop) = (nil, nil)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let parts = [
            Data(Machine.programIdentity.utf8), Data(trainer.stage.kind.rawValue.utf8), try encoder.encode(options),
            try encoder.encode(trainer.stage.inputHashes), Data((trainer.canary?.hash ?? "").utf8),
        ]
        return "\(folder)/\(SHA256Hash.of(bytes: Data(parts.joined(separator: [0])))).h5"
    }

    /// Puts the end of the same training into a trainer; false where there is none.
    func restore<S: Stage>(into trainer: Trainer<S>) throws -> Bool {
        guard isReading, trainer.options.stop == nil, trainer.options.drop == nil, trainer.steps > 0,
            let kept = try? Checkpoint(try path(of: trainer)), kept.step == trainer.steps
        else { return false }
        try kept.restore(into: trainer)
        return true
    }

    /// Keeps the last checkpoint of a training that is finished, without a copy where the file system can. Returns how many older
    /// ones had to make room.
    func keep<S: Stage>(_ trainer: Trainer<S>) throws -> Int {
        let (files, target) = (FileManager.default, try path(of: trainer))
        guard let checkpoint = trainer.lastCheckpoint, checkpoint != target else { return 0 }
        try AtomicWrite.makeFolder(folder)
        try? files.removeItem(atPath: target)
        do { try files.linkItem(atPath: checkpoint, toPath: target) } catch {
            try files.copyItem(atPath: checkpoint, toPath: target)
        }
        var (total, dropped) = (0, 0)
        for entry in KeptFile.below(folder).sorted(by: { $0.date > $1.date }) {
            total += entry.byteCount
            if total > Self.limit {
                try files.removeItem(atPath: entry.path)
                dropped += 1
            }
        }
        return dropped
    }
}
