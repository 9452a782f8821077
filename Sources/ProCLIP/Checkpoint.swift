internal import Archive
internal import Foundation
internal import Layers
internal import Learning
internal import Tensors

/// A paused training run as an HDF5 file: trained parameters below `model/`, the moving average below `average/`, the
/// optimiser's moments below `optimizer/`, and as attributes the options, the position in the data and the history.
///
/// A run that is restored into a trainer of the same stage, options and inputs continues with the same bits.
public struct Checkpoint {
    public static let formatVersion = 1

    public let path: String
    public let stage: StageKind
    public let options: TrainingOptions
    /// Steps done.
    public let step: Int
    /// What the run read, by role.
    public let inputHashes: [String: String]
    /// What `Trainer.run` was given: how the stage was built.
    public let provenance: String
    private let tensors: [String: Tensor]
    private let progress: Progress

    private struct Progress: Codable {
        let step: Int
        let position: StagePosition
        let history: [StepRecord]
        /// Nil in older files, like the next.
        let seconds: Double?
        let readings: [CanaryReading]?
    }

    /// Writes a trainer's state, whole or not at all. Throws `ArchiveError`.
    public static func write(_ trainer: Trainer<some Stage>, to path: String, provenance: String) throws {
        let tensors =
            trainer.stage.parameters.map { ("model/\($0.path)", $0.value) }
            + trainer.stage.averages.map { ("average/\($0.path)", $0.value) }
            + trainer.optimiser.state.map { ("optimizer/\($0.name)", $0.tensor) }
        let progress = Progress(
            step: trainer.step, position: trainer.stage.position, history: trainer.history, seconds: trainer.seconds,
            readings: trainer.readings)
        try writeTensors(
            path, tensors: tensors,
            attributes: [
                "kind": "checkpoint", "format_version": String(formatVersion), "stage": trainer.stage.kind.rawValue,
                "options": try JSON.text(trainer.options), "inputs": try JSON.text(trainer.stage.inputHashes),
                "progress": try JSON.text(progress), "provenance": provenance,
            ])
    }

    /// Reads a checkpoint. Throws `ArchiveError` for a file that is missing, cut short or of another kind.
    public init(_ path: String) throws {
        self.path = path
        let (tensors, attributes) = try readTensors(path) { attributes in
            guard attributes["kind"] == "checkpoint" else {
                throw ArchiveError.foreign(path, expected: "a training checkpoint")
            }
            guard attributes["format_version"] == String(Self.formatVersion) else {
                throw ArchiveError.unreadable(path, reason: "its format version is not \(Self.formatVersion)")
            }
        }
        func attribute(_ name: String) throws -> String {
            guard let text = attributes[name] else { throw ArchiveError.missingAttribute(name, path: path) }
            return text
        }
        guard let stage = StageKind(rawValue: try attribute("stage")) else {
            throw ArchiveError.unreadable(path, reason: "its stage is none of those known here")
        }
        self.tensors = tensors
        self.stage = stage
        options = try JSON.value(try attribute("options"), "options", path)
        inputHashes = try JSON.value(try attribute("inputs"), "inputs", path)
        progress = try JSON.value(try attribute("progress"), "progress", path)
        step = progress.step
        provenance = try attribute("provenance")
    }

    /// Puts the run's state into a fresh trainer of the same stage, options and inputs.
    /// Throws `TrainingError.changed` where those differ, `ArchiveError` where a tensor is missing or misshapen.
    public func restore<S: Stage>(into trainer: Trainer<S>) throws {
        func refuse(_ what: String) -> TrainingError { .changed(checkpoint: path, what: what) }
        guard stage == trainer.stage.kind else { throw refuse("it is one of \(stage.rawValue)") }
        let hashes = trainer.stage.inputHashes
        for role in Set(hashes.keys).union(inputHashes.keys).sorted() where hashes[role] != inputHashes[role] {
            throw refuse("its \(role) was another one")
        }
        var (mine, theirs) = (options, trainer.options)
        (mine.stop, theirs.stop, mine.drop, theirs.drop) = (nil, nil, nil, nil)
        guard mine == theirs else { throw refuse("its options differ") }
        for parameter in trainer.stage.parameters { try load("model/\(parameter.path)", into: parameter.value) }
        for average in trainer.stage.averages { try load("average/\(average.path)", into: average.value) }
        let moments = trainer.optimiser.state
        for moment in moments { try load("optimizer/\(moment.name)", into: moment.tensor) }
        trainer.optimiser.resume(at: step)
        trainer.stage.position = progress.position
        (trainer.step, trainer.history, trainer.lastCheckpoint) = (step, progress.history, path)
        (trainer.seconds, trainer.readings) = (progress.seconds ?? 0, progress.readings ?? [])
    }

    private func load(_ name: String, into target: Tensor) throws {
        guard let stored = tensors[name] else {
            throw ArchiveError.missingTensor(name, available: tensors.keys.sorted())
        }
        guard stored.shape == target.shape else {
            throw ArchiveError.misshapenTensor(name, expected: target.shape, found: stored.shape)
        }
        guard stored.elementType == .float32 else {
            throw ArchiveError.elementType("\(name) in \(path)", expected: "float32", found: "\(stored.elementType)")
        }
        guard stored.isFinite else {
            throw ArchiveError.unreadable(path, reason: ArchiveError.notFinite(name).description)
        }
        target.data.update(from: stored.data, count: target.shape.count)
    }
}

/// Values as JSON text with sorted keys, as attributes hold them.
enum JSON {
    static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    static func value<Value: Decodable>(_ text: String, _ name: String, _ path: String) throws -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: Data(text.utf8))
        } catch {
            throw ArchiveError.unreadable(path, reason: "its attribute \(name) is damaged")
        }
    }
}
