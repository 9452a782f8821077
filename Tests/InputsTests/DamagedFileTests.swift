import Archive
import Foundation
import Tensors
import Testing

@testable import Inputs

/// Files with flipped bits and missing ends are read or refused with a sentence: nothing crashes. Each test has a
/// process of its own, so that a crash is one failure and not the end of all tests.
@Suite struct DamagedFileTests {
    @Test func picturesWithFlippedBits() async {
        await #expect(processExitsWith: .success) {
            try Damage.withFolder { folder in
                let path = folder + "/pairs.h5"
                try Damage.records.write(to: path)
                try Damage.apply(to: path, seed: 1, Damage.readPairs)
            }
        }
    }

    /// As h5py writes them: without checksums.
    @Test func foreignPicturesWithFlippedBits() async {
        await #expect(processExitsWith: .success) {
            try Damage.withFolder { folder in
                let path = folder + "/pairs.h5"
                let fixture = URL(filePath: #filePath).deletingLastPathComponent().path + "/Fixtures/foreign-pairs.h5"
                try FileManager.default.copyItem(atPath: fixture, toPath: path)
                try Damage.apply(to: path, seed: 3, Damage.readPairs)
            }
        }
    }

    @Test func modelsWithFlippedBits() async {
        await #expect(processExitsWith: .success) {
            try Damage.withFolder { folder in
                let path = folder + "/model.h5"
                var generator = RandomGenerator(seed: 2)
                let weight = Tensor.normal([8, 5], using: &generator)
                try writeTensors(
                    path,
                    tensors: [
                        ("tower/weight", weight), ("tower/half", weight.converted(to: .float16)), ("x", .zeros([])),
                    ],
                    attributes: ["kind": "model", "config": String(repeating: "long ", count: 500)])
                try Damage.apply(to: path, seed: 2) { damaged in
                    for tensor in try readTensors(damaged).tensors.values { _ = tensor.isFinite }
                }
            }
        }
    }
}

private enum Damage {
    /// A third of these flips one bit, a third sixteen bits close to each other, a third cuts the file.
    static let trials = 600

    static func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "damage-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    static func apply(to path: String, seed: UInt64, _ read: (String) throws -> Void) throws {
        try read(path)
        let whole = try Data(contentsOf: URL(filePath: path))
        var generator = RandomGenerator(seed: seed)
        var refused = 0
        for trial in 0..<trials {
            var bytes = whole
            let place = Int.random(in: 0..<whole.count, using: &generator)
            switch trial % 3 {
            case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            case 1:
                for near in place..<min(place + 16, whole.count) {
                    bytes[near] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
                }
            default: bytes = bytes.prefix(place)
            }
            let damaged = path + ".\(trial).h5"
            try bytes.write(to: URL(filePath: damaged))
            do { try read(damaged) } catch { refused += 1 }
            try FileManager.default.removeItem(atPath: damaged)
        }
        // Every cut is noticed, and much of the rest.
        precondition(refused > trials / 3)
    }

    static func readPairs(_ path: String) throws {
        let data = try PairDataset.load(path)
        for language in data.languages { _ = try data.captions(language: language) }
        for taxonomy in data.taxonomies { _ = try data.classes(taxonomy) }
        _ = try data.imageBatch([0, data.pictureCount - 1])
    }

    static var records: PairRecords {
        let records = (0..<6).map { (index: Int) -> PairRecords.Record in
            let samples = [UInt8](repeating: UInt8(index), count: 48)
            return PairRecords.Record(
                picture: Picture(width: 4, height: 4, channels: 3, samples: samples), set: "squares",
                split: index < 4 ? "train" : "test", name: "square \(index)", group: "\(index)",
                captions: [("en", "a square \(index)"), ("de", "ein Quadrat \(index)")], keywords: ["square"],
                labels: ["colour": index % 2 == 0 ? "red" : "green"])
        }
        return PairRecords(records: records, provenance: ["made": "for a test"])
    }
}
