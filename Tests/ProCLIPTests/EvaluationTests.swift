import ProCLIP
import Tensors
import TestSupport
import Testing

@Suite struct EvaluationTests {
    private func bearers(_ relation: Tensor) -> [[Int]] {
        (0..<relation.shape[0]).map { text in
            (0..<relation.shape[1]).filter { relation.data[text * relation.shape[1] + $0] == 1 }
        }
    }

    @Test(arguments: ["single", "several"])
    func recallsEqualTheReference(name: String) throws {
        let fixture = try Fixture("evaluation")
        let evaluation = try RetrievalEvaluation(
            images: try fixture.tensor("\(name)/image"), texts: try fixture.tensor("\(name)/text"),
            bearers: bearers(try fixture.tensor("\(name)/relation")))
        let recalls = try fixture.tensor("\(name)/recalls")
        let estimates = evaluation.estimates
        for index in 0..<6 {
            #expect(abs(Float(estimates[index].value.value) - recalls.data[index]) < 1e-6, "\(estimates[index].name)")
        }
        #expect(
            estimates.map(\.name) + evaluation.counts.map(\.name) == [
                "image_retrieval_recall@1", "image_retrieval_recall@5", "image_retrieval_recall@10",
                "text_retrieval_recall@1", "text_retrieval_recall@5", "text_retrieval_recall@10", "mean_recall",
                "n_images", "n_texts",
            ])
        #expect(abs(evaluation.meanRecall.value - (0..<6).map { Double(recalls.data[$0]) }.reduce(0, +) / 6) < 1e-6)
    }

    @Test func blocksDoNotChangeRanks() throws {
        var generator = RandomGenerator(seed: 4)
        let images = Tensor.normal([600, 8], using: &generator)
        let whole = try RetrievalEvaluation(images: images, texts: images, bearers: (0..<600).map { [$0] })
        let last = try RetrievalEvaluation(
            images: images, texts: images.rows(597..<600), bearers: [[597], [598], [599]])
        #expect(Array(whole.imageRanks.suffix(3)) == last.imageRanks)
    }

    @Test func tiesAreMisses() throws {
        let same = Tensor.full([12, 3], 0.5)
        let evaluation = try RetrievalEvaluation(images: same, texts: same, bearers: (0..<12).map { [$0] })
        #expect(evaluation.meanRecall.value == 0)
    }

    @Test func notANumberIsRefused() throws {
        let images = Tensor.full([4, 2], 0.5)
        images.data[5] = .nan
        let error = #expect(throws: EvaluationError.self) {
            try RetrievalEvaluation(images: images, texts: .full([1, 2], 1), bearers: [[0]])
        }
        #expect(error == .notFinite("image features", row: 2))
        #expect(throws: EvaluationError.self) {
            try ZeroShotEvaluation(images: images, labels: [0, 0, 0, 0], classes: .full([1, 2], 1))
        }
        #expect(throws: EvaluationError.self) { try LinearCKA.similarity(images, images) }
    }

    @Test func textsAreDeduplicatedPerPool() {
        let pool = CaptionPool(captions: [
            ("cat", 7), ("dog", 3), ("cat", 3), ("cat", 7), ("e\u{301}", 3), ("\u{e9}", 9),
        ])
        #expect(pool.texts.map { Array($0.utf8) } == ["cat", "dog", "e\u{301}", "\u{e9}"].map { Array($0.utf8) })
        #expect(pool.pictures == [3, 7, 9])
        #expect(pool.bearers == [[1, 0], [0], [0], [2]])
    }

    @Test func zeroShotEqualsScikitLearn() throws {
        let fixture = try Fixture("evaluation")
        let classes = try ZeroShotEvaluation.ensemble(try fixture.tensor("zeroshot/prompts"), perClass: 3)
        expectClose(classes, try fixture.tensor("zeroshot/classes"), "class embeddings", Tolerance(relative: 1e-6))
        let labels = try fixture.tensor("zeroshot/labels")
        let evaluation = try ZeroShotEvaluation(
            images: try fixture.tensor("zeroshot/image"), labels: (0..<90).map { Int(labels.data[$0]) },
            classes: classes)
        let expected = try fixture.tensor("zeroshot/metrics")
        for index in 0..<3 {
            #expect(
                abs(Float(evaluation.estimates[index].value.value) - expected.data[index]) < 1e-6,
                "\(evaluation.estimates[index].name)")
        }
    }

    @Test func labelsOutOfRangeAreNamed() {
        let error = #expect(throws: EvaluationError.self) {
            try ZeroShotEvaluation(images: .full([1, 2], 1), labels: [-1], classes: .full([3, 2], 1))
        }
        #expect(error?.description == "label -1 is outside 0..<3")
    }

    @Test func alignmentOfKernelsEqualsTheReference() throws {
        let fixture = try Fixture("evaluation")
        let (x, y) = (try fixture.tensor("cka/x"), try fixture.tensor("cka/y"))
        #expect(abs(Float(try LinearCKA.similarity(x, y)) - (try fixture.tensor("cka/value").item)) < 1e-5)
        #expect(abs(try LinearCKA.similarity(x, x) - 1) < 1e-6)
        #expect(throws: EvaluationError.self) { try LinearCKA.similarity(x, .full([50, 2], 3)) }
    }
}
