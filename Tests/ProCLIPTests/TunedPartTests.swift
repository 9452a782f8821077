import Autodiff
import Foundation
import Layers
import Learning
import Tensors
import Testing
import Towers

@testable import ProCLIP

/// What `train=` and `teacher=` choose: the forms of stage 2 beside the paper's own.
@Suite struct TunedPartTests {
    private let golden: Golden
    private let lowRank = LowRank(rank: 2, alpha: 4, below: "image/blocks/", seed: 5)
    private let batch = [0, 3, 7, 9, 12, 20]

    init() throws { golden = try Golden() }

    private func options(_ change: (inout TrainingOptions) -> Void = { _ in }) -> TrainingOptions {
        var options = TrainingOptions(stage: .tune, preset: .pico)
        (options.batch, options.epochs, options.seed, options.clip) = (6, 2, 11, 1)
        change(&options)
        return options
    }

    /// A model with matrices of low rank beside those of its image tower.
    private func adapted() throws -> AlignedModel {
        let model = try golden.aligned()
        return try AlignedModel(
            image: model.image.configuration, adapter: model.adapter.configuration,
            tensors: model.parameters.valuesByPath, lowRank: lowRank)
    }

    private func stage(
        _ model: AlignedModel, train: Set<TuneStage.Part> = [.adapter, .image], _ options: TrainingOptions
    ) throws -> TuneStage {
        try TuneStage(
            model: model, data: golden.pairs, captions: try golden.pairs.captions(),
            embeddings: try golden.fixture.tensor("vectors"), train: train, inputHashes: [:], options: options)
    }

    private func clipStage(
        _ model: CLIPModel, train: Set<TuneStage.Part>, _ options: TrainingOptions
    ) throws -> TuneStage {
        try TuneStage(
            model: model, tokenizer: golden.tokenizer, data: golden.pairs, captions: try golden.pairs.captions(),
            train: train, inputHashes: [:], options: options)
    }

    private func bits(_ parameters: [Parameter]) -> [String: [UInt32]] {
        parameters.valuesByPath.mapValues { $0.values.map(\.bitPattern) }
    }

    /// The paths whose values a run has changed.
    private func moved(_ parameters: [Parameter], by stage: TuneStage, _ options: TrainingOptions) throws -> Set<String>
    {
        let before = bits(parameters)
        _ = try Trainer(stage, options: options).run()
        return Set(bits(parameters).filter { before[$0.key] != $0.value }.keys)
    }

    private func history(_ stage: TuneStage, _ options: TrainingOptions) throws -> [StepRecord] {
        let trainer = try Trainer(stage, options: options)
        _ = try trainer.run()
        return trainer.history
    }

    @Test(arguments: [
        ("adapter", TuneStage.Part.adapter), ("image", .image), ("text", .text), ("last:4", .last(4)),
        ("lora:32", .lora(32)),
    ])
    func partsAreReadAndWritten(word: String, part: TuneStage.Part) {
        #expect(TuneStage.Part(word) == part && part.description == word)
    }

    @Test(arguments: ["", "last", "last:", "last:0", "last:x", "lora:0", "lora:2000", "image:1", "adapter:", "head"])
    func otherWordsNameNoPart(word: String) { #expect(TuneStage.Part(word) == nil) }

    @Test func theLastBlocksAndWhatFollowsThemMoveAlone() throws {
        let (model, options) = (try golden.aligned(), options())
        let moved = try moved(model.parameters, by: stage(model, train: [.last(1)], options), options)
        #expect(moved.contains("image/blocks/1/attention/query/weight") && moved.contains("image/norm_post/weight"))
        #expect(moved.contains("image/projection/weight") && moved.contains("logit_scale"))
        let still = ["adapter/", "image/blocks/0/", "image/patch", "image/class", "image/position", "image/norm_pre"]
        #expect(moved.allSatisfy { path in !still.contains { path.hasPrefix($0) } }, "\(moved)")
    }

    @Test func moreLastBlocksThanThereAreIsAnError() throws {
        let error = #expect(throws: TrainingError.self) {
            try stage(try golden.aligned(), train: [.adapter, .last(3)], options())
        }
        #expect("\(error as Any)".contains("the image tower has 2 blocks"))
    }

    @Test func matricesOfLowRankChangeNothingAtFirst() throws {
        let features = try [golden.aligned(), adapted()].map { try Features().images(of: golden.pairs, by: $0.image) }
        #expect(features[0].values.map(\.bitPattern) == features[1].values.map(\.bitPattern))
    }

    @Test func matricesOfLowRankMoveAlone() throws {
        let (model, options) = (try adapted(), options())
        let merged = try Features().images(of: golden.pairs, by: model.merged().image)
        let moved = try moved(model.parameters, by: stage(model, train: [.adapter, .lora(2)], options), options)
        #expect(moved.filter { $0.hasPrefix("image/") }.allSatisfy { $0.contains("/lora/") })
        // Two matrices for each of six layers in two blocks.
        #expect(moved.count { $0.hasPrefix("image/") } == 24)
        #expect(moved.contains { $0.hasPrefix("adapter/") })
        let tuned = try Features().images(of: golden.pairs, by: model.image)
        #expect(tuned.values != merged.values)
        let after = try Features().images(of: golden.pairs, by: model.merged().image)
        #expect(zip(tuned.values, after.values).allSatisfy { abs($0 - $1) < 1e-5 })
        #expect(try model.merged().parameters.map(\.path).sorted() == golden.aligned().parameters.map(\.path).sorted())
    }

    /// With W' = W + s B A, the chain rule gives dB = s dW' Aᵀ and dA = s Bᵀ dW'.
    @Test func gradientsOfLowRankFollowThoseOfTheMatrix() throws {
        let options = options { $0.lambda = 0 }
        let model = try adapted()
        var generator = RandomGenerator(seed: 3)
        for parameter in model.parameters where parameter.path.hasSuffix("/lora/up") {
            let values = Tensor.normal(parameter.shape, deviation: 0.1, using: &generator)
            parameter.value.data.update(from: values.data, count: values.shape.count)
        }
        let low = try Trainer(stage(model, train: [.adapter, .lora(2)], options), options: options)
            .gradients(of: batch)
        let dense = try Trainer(stage(model.merged(), options), options: options).gradients(of: batch)
        #expect(abs(low.loss.total.value.item - dense.loss.total.value.item) < 1e-5)
        let values = model.parameters.valuesByPath
        for layer in ["image/blocks/0/attention/query", "image/blocks/1/mlp/up", "image/blocks/1/attention/output"] {
            let whole = try #require(dense.gradients[layer + "/weight"])
            let (down, up) = (try #require(values[layer + "/lora/down"]), try #require(values[layer + "/lora/up"]))
            let (downs, ups) = (Tensor.zeros(down.shape), Tensor.zeros(up.shape))
            Tensor.matmul(up, whole, transposeA: true, alpha: lowRank.scale, into: downs)
            Tensor.matmul(whole, down, transposeB: true, alpha: lowRank.scale, into: ups)
            for (name, expected) in [("down", downs), ("up", ups)] {
                let found = try #require(low.gradients["\(layer)/lora/\(name)"]).values
                let largest = expected.values.map(abs).max() ?? 0
                #expect(zip(found, expected.values).allSatisfy { abs($0 - $1) <= 1e-4 * largest }, "\(layer) \(name)")
            }
        }
    }

    @Test func theCachedTeacherIsTheInitialOneToTheBit() throws {
        for train in [Set<TuneStage.Part>([.adapter, .image]), [.adapter, .last(1)]] {
            let courses = try [Teacher.initial, .cached].map { teacher in
                let options = options { $0.teacher = teacher }
                return try history(stage(try golden.aligned(), train: train, options), options)
            }
            #expect(courses[0] == courses[1] && courses[0].count > 4)
        }
    }

    @Test func aTeacherThatStaysHasNoAverage() throws {
        let stages = try Teacher.allCases.map { teacher in
            try stage(try golden.aligned(), options { $0.teacher = teacher })
        }
        #expect(stages.map(\.averages.isEmpty) == [false, true, true])
    }

    /// With a decay of 0 the average is the tower itself: nothing is held.
    @Test func theAverageLeavesWhereTheInitialTowerStays() throws {
        let held = try [Teacher.ema, .initial].map { teacher in
            let options = options { ($0.teacher, $0.ema, $0.learningRate) = (teacher, 0, 1e-2) }
            return try history(stage(try golden.aligned(), options), options).compactMap { record in
                record.terms.first { $0.name == "ins" }?.value
            }
        }
        #expect(held[0].allSatisfy { $0 < 1e-10 } && (held[1].last ?? 0) > 1e-6, "\(held)")
    }

    @Test func withoutLInfoTheAdapterStays() throws {
        let (model, options) = (try golden.aligned(), options { ($0.infoWeight, $0.lambda) = (0, 1) })
        #expect(try moved(model.parameters, by: stage(model, options), options).allSatisfy { $0.hasPrefix("image/") })
    }

    @Test func withNoLossNothingIsLearned() throws {
        for change in [{ (options: inout TrainingOptions) in (options.infoWeight, options.lambda) = (0, 0) }] {
            #expect(throws: TrainingError.self) { try stage(try golden.aligned(), options(change)) }
        }
        #expect(throws: TrainingError.self) {
            try options { ($0.instanceWeight, $0.structure) = (0, .none) }.validate(for: .tune)
        }
    }

    @Test func termsThatAreOffWeighNothing() throws {
        let model = try adapted()
        for (instance, structure) in [(Float(0), StructurePenalty.smoothL1), (1, .none), (2, .squared)] {
            let options = options {
                ($0.infoWeight, $0.lambda, $0.teacher) = (0, 1, .initial)
                ($0.instanceWeight, $0.structure, $0.structWeight) = (instance, structure, 3)
            }
            let stage = try stage(model, train: [.adapter, .lora(2)], options)
            for parameter in model.parameters where parameter.path.hasSuffix("/lora/up") {
                parameter.value.data[0] += 0.5
            }
            let loss = try Trainer(stage, options: options).gradients(of: batch).loss
            let terms = Dictionary(loss.terms.map { ($0.name, $0.value.value.item) }, uniquingKeysWith: { $1 })
            let expected = instance * (terms["ins"] ?? 0) + 3 * (terms["struct"] ?? 0)
            #expect(abs(loss.total.value.item - expected) < 1e-5 * max(1, expected) && expected > 0)
            #expect((terms["struct"] == nil) == (structure == .none))
        }
    }

    @Test func aTextTowerIsTunedAlone() throws {
        let (model, options) = (try golden.clip(), options())
        let moved = try moved(model.parameters, by: clipStage(model, train: [.text], options), options)
        #expect(moved.contains("text/position_embedding") && moved.contains("logit_scale"))
        #expect(moved.allSatisfy { !$0.hasPrefix("image/") })
    }

    @Test func aCLIPIsHeldLikeAnAdaptersModel() throws {
        let options = options()
        let stage = try clipStage(try golden.clip(), train: [.text, .last(1)], options)
        #expect(Set(stage.averages.map(\.path)) == Set(stage.parameters.map(\.path).filter { $0.hasPrefix("image/") }))
        let names = try Trainer(stage, options: options).gradients(of: batch).loss.terms.map(\.name)
        #expect(names == ["info", "ins", "struct"])
    }

    @Test(arguments: Teacher.allCases, [TuneStage.Part.lora(2), .last(1)])
    func everyFormResumesExactly(teacher: Teacher, part: TuneStage.Part) throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString + ".h5").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        func trainer(stop: Int? = nil) throws -> Trainer<TuneStage> {
            let options = options { ($0.teacher, $0.stop) = (teacher, stop) }
            let model = try part.rank == nil ? golden.aligned() : adapted()
            return try Trainer(stage(model, train: [.adapter, part], options), options: options)
        }
        let (whole, first, resumed) = (try trainer(), try trainer(stop: 7), try trainer())
        _ = try whole.run()
        #expect(try first.run(checkpointPath: path) == .paused)
        try Checkpoint(path).restore(into: resumed)
        _ = try resumed.run()
        #expect(bits(whole.stage.parameters) == bits(resumed.stage.parameters) && whole.history == resumed.history)
    }
}
