import Foundation
import Inputs
import Tensors
import Testing

@testable import ProCLIP

@Suite struct CaptionSamplerTests {
    private let data: PairDataset

    init() throws {
        let records = (0..<8).map { (picture: Int) -> PairRecords.Record in
            let caption = picture < 2 ? "same" : "caption \(picture)"
            let labels = picture == 7 ? [:] : ["kind": picture % 2 == 0 ? "even" : "odd"]
            return PairRecords.Record(
                picture: Picture(width: 2, height: 2, channels: 3, samples: [UInt8](repeating: 9, count: 12)),
                set: "toy", split: "train", name: "\(picture)", group: "\(picture)", captions: [("en", caption)],
                keywords: ["red", "round"], labels: labels)
        }
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString + ".h5").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try PairRecords(records: records, provenance: [:]).write(to: path)
        data = try PairDataset.load(path)
        _ = try data.captions()
    }

    private func texts(_ sampling: PretrainStage.Sampling, draws: Int = 1) throws -> [[String]] {
        var random = RandomGenerator(seed: 2)
        let sampler = try CaptionSampler(data: data, sampling: sampling)
        let captions = try data.captions()
        return (0..<draws).map { _ in sampler.texts(of: captions, using: &random) }
    }

    @Test func repeatedTextsGetTheirClass() throws {
        let found = try texts(.init(classShare: 0))[0]
        #expect(found == ["same", "same, odd"] + (2..<8).map { "caption \($0)" })
    }

    @Test func classWordsComeAloneBeforeAndAfter() throws {
        let found = Set(try texts(.init(classShare: 1), draws: 60).map { $0[2] })
        #expect(found == ["even", "caption 2, even", "even, caption 2"])
    }

    @Test func picturesWithoutClassKeepTheirCaption() throws {
        #expect(Set(try texts(.init(classShare: 1), draws: 20).map { $0[7] }) == ["caption 7"])
    }

    @Test func keywordsComeAloneAndAfter() throws {
        let found = Set(try texts(.init(classShare: 0, keywordShare: 1), draws: 80).map { $0[7] })
        let words = ["red", "round", "red, round", "round, red"]
        #expect(found == Set(words + words.map { "caption 7, \($0)" }))
    }
}
