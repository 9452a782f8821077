import Archive
import Foundation
import Tensors
import TestSupport
import Testing

@testable import Inputs

@Suite("Pair dataset")
struct PairDatasetTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pairs-\(UUID().uuidString)")
        .path

    init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }

    /// Six pictures of 4x4: three drawings to train on, one to validate, one photo and one drawing to test.
    private func records() -> [PairRecords.Record] {
        let splits = ["train", "train", "train", "validation", "test", "test"]
        return splits.enumerated().map { index, split in
            PairRecords.Record(
                picture: Picture(width: 4, height: 4, channels: 3, samples: (0..<48).map { UInt8($0 * 5 + index) }),
                set: index == 4 ? "photos" : "drawings", split: split, name: "p\(index)", group: "g\(index)",
                captions: [("en", "a picture \(index)"), ("de", "ein Bild \(index) – schön")]
                    + (index == 0 ? [("en", "another text")] : []),
                keywords: index == 1 ? ["red", "small house"] : [], labels: index < 3 ? ["kind": "k\(index % 2)"] : [:])
        }
    }

    private func written(_ name: String = "pairs.h5") throws -> String {
        let path = "\(folder)/\(name)"
        try PairRecords(records: records(), provenance: ["program": "test"]).write(to: path)
        return path
    }

    @Test("What was written is read")
    func roundTrip() throws {
        let data = try PairDataset.load(written())
        #expect(data.pictureCount == 6)
        #expect(try #require(data.imageSize) == (4, 4))
        #expect(data.sets == ["drawings", "photos"] && data.splits == ["train", "validation", "test"])
        #expect(data.languages == ["de", "en"] && data.taxonomies == ["kind"])
        #expect(try data.labels("kind") == [0, 1, 0, -1, -1, -1])
        #expect(try data.classes("kind") == ["k0", "k1"])
        #expect(data.keywords[1] == ["red", "small house"] && data.keywords[0] == [])
        for (index, record) in records().enumerated() { #expect(try data.picture(index) == record.picture()) }
        let captions = try data.captions()
        #expect(captions.count == 7 && captions[1] == .init(text: "another text", picture: 0))
        #expect(try data.captions(language: "de")[5].text == "ein Bild 5 – schön")
    }

    @Test("A selection counts its own pictures")
    func selection() throws {
        let data = try PairDataset.load(written())
        let test = try data.selecting(split: "test")
        #expect(test.pictureCount == 2 && test.names == ["p4", "p5"])
        #expect(try test.captions().map(\.picture) == [0, 1])
        let drawings = try test.selecting(sets: ["drawings"])
        #expect(drawings.names == ["p5"])
        #expect(try drawings.picture(0) == data.picture(5))
        #expect(Set([data.hash, test.hash, drawings.hash]).count == 3)
        #expect(try data.selecting(split: "all").hash == data.hash)
        #expect(try data.selecting(pictures: [3, 1]).names == ["p3", "p1"])
    }

    @Test("Equal records give equal bytes and an equal hash")
    func deterministic() throws {
        let (a, b) = (try written("a.h5"), try written("b.h5"))
        #expect(try SHA256Hash.of(file: a) == SHA256Hash.of(file: b))
        #expect(try PairDataset.load(a).hash == PairDataset.load(b).hash)
        var changed = records()
        changed[2].captions[0].text += "!"
        try PairRecords(records: changed, provenance: [:]).write(to: b)
        #expect(try PairDataset.load(a).hash != PairDataset.load(b).hash)
    }

    @Test("Unknown names are errors that list what there is")
    func unknown() throws {
        let data = try PairDataset.load(written())
        func message(_ body: () throws -> Void) -> String {
            do { try body() } catch { return "\(error)" }
            return "no error"
        }
        #expect(message { _ = try data.selecting(split: "tset") }.contains("there is train, validation, test, all"))
        #expect(message { _ = try data.selecting(sets: ["emoji"]) }.contains("there is drawings, photos"))
        #expect(message { _ = try data.captions(language: "fr") }.contains("there is de, en"))
        #expect(message { _ = try data.labels("folder") }.contains("there is kind"))
        let photos = try data.selecting(sets: ["photos"])
        #expect(message { _ = try photos.selecting(split: "train") }.contains("there is test, all"))
    }

    @Test("Foreign, incomplete and empty files are errors")
    func foreign() throws {
        #expect(throws: ArchiveError.self) { try PairDataset.load("\(folder)/none.h5") }
        let path = "\(folder)/model.h5"
        let file = try HDF5File(writing: path)
        try file.setAttribute("kind", to: .text("model"))
        try file.close()
        #expect(throws: PairError.self) { try PairDataset.load(path) }
        #expect(throws: PairError.self) { try PairRecords(records: [], provenance: [:]).write(to: path) }
        var bare = records()
        bare[3].captions[0].text = " "
        #expect(throws: PairError.self) { try PairRecords(records: bare, provenance: [:]).write(to: path) }
    }

    @Test("A replaced file is noticed")
    func replaced() throws {
        let path = try written()
        let data = try PairDataset.load(path)
        var changed = records()
        changed.removeLast()
        try PairRecords(records: changed, provenance: [:]).write(to: path)
        #expect(throws: PairError.changed(path)) { try data.captions() }
        #expect(try data.picture(5) == records()[5].picture())
    }

    @Test("A batch is normalised per channel, channels first")
    func batch() throws {
        let data = try PairDataset.load(written())
        let batch = try data.imageBatch([2, 0], mean: [0.5, 0.25, 0], deviation: [1, 0.5, 0.25])
        #expect(batch.shape == [2, 3, 4, 4])
        let values = batch.values
        for (row, picture) in [2, 0].enumerated() {
            for (channel, (mean, deviation)) in [(Float(0.5), Float(1)), (0.25, 0.5), (0, 0.25)].enumerated() {
                for pixel in 0..<16 {
                    let sample = Float(try data.picture(picture).samples[pixel * 3 + channel])
                    #expect(values[(row * 3 + channel) * 16 + pixel] == (sample / 255 - mean) / deviation)
                }
            }
        }
    }

    @Test("Augmentation that changes nothing gives the plain batch; mirrored twice is the same; a seed repeats it")
    func augmentation() throws {
        let data = try PairDataset.load(written())
        let plain = try data.imageBatch([1, 3])
        var generator = RandomGenerator(seed: 1)
        let none = ImageAugmentation(minimumArea: 1, maximumAspect: 1)
        expectClose(try data.imageBatch([1, 3], augmentation: none, using: &generator), plain, "no crop")
        let mirror = ImageAugmentation(minimumArea: 1, maximumAspect: 1, flipChance: 1)
        let mirrored = try data.imageBatch([1, 3], augmentation: mirror, using: &generator).values
        for line in 0..<2 * 3 * 4 {
            let (row, reference) = (
                Array(mirrored[line * 4..<line * 4 + 4]), Array(plain.values[line * 4..<line * 4 + 4])
            )
            for (value, expected) in zip(row.reversed(), reference) { #expect(abs(value - expected) < 1e-4) }
        }
        var (first, second) = (RandomGenerator(seed: 8), RandomGenerator(seed: 8))
        let crops = ImageAugmentation(minimumArea: 0.5)
        let a = try data.imageBatch([0, 1, 2], augmentation: crops, using: &first)
        let b = try data.imageBatch([0, 1, 2], augmentation: crops, using: &second)
        #expect(a.values == b.values && first == second)
        #expect(try a.values != data.imageBatch([0, 1, 2]).values)
    }

    @Test("Colours are scaled, drawn from the picture's mean and the pixel's grey, and stay in 0...1")
    func colours() {
        func expect(_ shift: ColourShift, _ expected: [Float]) {
            // Two pixels, planes of red, green and blue; their mean is 0.5.
            let samples = Tensor([0.2, 0.6, 0.4, 0.6, 0.6, 0.6], shape: [3, 2])
            shift.apply(to: samples.data, area: 2)
            expectClose(samples, Tensor(expected, shape: [3, 2]), "\(shift)")
        }
        expect(ColourShift(brightness: 1, contrast: 1, saturation: 1), [0.2, 0.6, 0.4, 0.6, 0.6, 0.6])
        expect(ColourShift(brightness: 0.5, contrast: 1, saturation: 1), [0.1, 0.3, 0.2, 0.3, 0.3, 0.3])
        expect(ColourShift(brightness: 1, contrast: 2, saturation: 1), [0, 0.7, 0.3, 0.7, 0.7, 0.7])
        expect(ColourShift(brightness: 1, contrast: 1, saturation: 0), [0.4, 0.6, 0.4, 0.6, 0.4, 0.6])
        expect(ColourShift(brightness: 2, contrast: 1, saturation: 1), [0.4, 1, 0.8, 1, 1, 1])
    }
}
