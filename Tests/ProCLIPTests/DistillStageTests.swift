import Learning
import Tensors
import Testing

@testable import ProCLIP

/// Stage 1 beyond one text a target: translations, and long captions beside short ones.
@Suite struct DistillStageTests {
    private let golden: Golden
    private let options: TrainingOptions

    init() throws {
        golden = try Golden()
        var options = TrainingOptions(stage: .distill, preset: .pico)
        (options.batch, options.epochs) = (6, 1)
        self.options = options
    }

    private func stage(
        meanings: [Int]? = nil, companions: DistillStage.Companions? = nil, _ options: TrainingOptions? = nil
    ) throws -> DistillStage {
        let (adapter, parameters) = try golden.adapter()
        return try DistillStage(
            adapter: adapter, parameters: parameters, embeddings: try golden.fixture.tensor("vectors"),
            targets: try golden.fixture.tensor("targets"), meanings: meanings, companions: companions,
            inputHashes: [:], options: options ?? self.options)
    }

    @Test func aBatchHoldsOneTextOfAMeaning() throws {
        let count = try golden.fixture.tensor("vectors").shape[0]
        let meanings = (0..<count).map { $0 / 2 }
        let stage = try stage(meanings: meanings)
        for _ in 0..<stage.stepsPerEpoch {
            let batch = stage.nextBatch().map { meanings[$0] }
            #expect(Set(batch).count == batch.count)
        }
    }

    /// L_dis of the short texts plus the mean L_ins of those long ones that the batch has.
    @Test func longTextsAddTheirInstanceLoss() throws {
        let (vectors, targets) = (try golden.fixture.tensor("vectors"), try golden.fixture.tensor("targets"))
        let batch = [0, 1, 2, 3]
        let rows: [Int?] = (0..<vectors.shape[0]).map { $0 == 1 ? 9 : $0 == 3 ? 5 : nil }
        let companions = DistillStage.Companions(embeddings: vectors, targets: targets, rows: rows)
        func loss(_ stage: DistillStage, _ batch: [Int]) throws -> StageLoss {
            try Trainer(stage, options: options).gradients(of: batch).loss
        }
        let (alone, both) = (try loss(try stage(), batch), try loss(try stage(companions: companions), batch))
        let long = try loss(try stage(), [9, 5]).terms.first { $0.name == "ins" }?.value.value.item ?? 0
        #expect(both.terms.map(\.name) == ["ins", "struct", "ins_long"])
        #expect(abs(both.total.value.item - alone.total.value.item - long) < 1e-5 * both.total.value.item)
    }

    @Test func everyTextNeedsItsRow() throws {
        let (vectors, targets) = (try golden.fixture.tensor("vectors"), try golden.fixture.tensor("targets"))
        #expect(throws: EvaluationError.self) {
            try stage(companions: .init(embeddings: vectors, targets: targets, rows: [1]))
        }
        #expect(throws: EvaluationError.self) { try stage(meanings: [0, 1]) }
    }
}
