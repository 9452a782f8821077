import Foundation
import Learning
import Tensors
import TestSupport
import Testing

@testable import ProCLIP

@Suite("Estimates, linear probes, geometry, preferences")
struct EstimateTests {
    @Test("The interval of a share is the binomial one")
    func interval() {
        let estimate = Estimate(mean: (0..<400).map { $0 % 4 == 0 ? 1 : 0 })
        #expect(estimate.value == 0.25)
        // 0.25 ± 1.96 · sqrt(0.25 · 0.75 / 400)
        let interval = estimate.interval()
        #expect(abs(interval.lowerBound - 0.2076) < 0.006 && abs(interval.upperBound - 0.2924) < 0.006)
        #expect(estimate.interval() == interval && estimate.interval(seed: 1) != interval)
    }

    @Test("Means of means weigh each part by itself")
    func parts() {
        let estimate = Estimate(mean: [Estimate(mean: [1, 0]), Estimate(mean: [1, 1, 1, 0, 0, 0, 0, 0])])
        #expect(abs(estimate.value - (0.5 + 0.375) / 2) < 1e-12)
        #expect(Estimate(mean: [Double]()).value == 0)
    }

    @Test("A difference pairs the items; its test is the exact one of flipped signs")
    func difference() throws {
        let (a, b) = (Estimate(mean: [1, 1, 1, 1, 1, 1, 0, 0]), Estimate(mean: [0, 0, 0, 0, 0, 0, 0, 0]))
        let difference = try #require(a.difference(from: b))
        #expect(difference.value == 0.75)
        // Of 2^6 assignments two are so far from 0: 1/32.
        #expect(abs(difference.signFlipProbability() - 1.0 / 32) < 0.02)
        #expect(a.difference(from: a)?.signFlipProbability() == 1)
        #expect(a.difference(from: Estimate(mean: [1])) == nil)
    }

    @Test("The minimum of a badly scaled valley is found")
    func lbfgs() {
        var search = LBFGS()
        search.iterations = 2000
        // Rosenbrock's function.
        let found = search.minimum(from: [-1.2, 1]) { x in
            let (a, b) = (1 - x[0], x[1] - x[0] * x[0])
            return (a * a + 100 * b * b, [-2 * a - 400 * x[0] * b, 200 * b])
        }
        #expect(abs(found[0] - 1) < 1e-4 && abs(found[1] - 1) < 1e-4)
    }

    @Test("A linear probe's weights and accuracy equal scikit-learn's", arguments: [("weak", 1e-2), ("strong", 3.0)])
    func probe(name: String, penalty: Double) throws {
        let fixture = try Fixture("evaluation")
        let features = try fixture.tensor("probe/features")
        let labels = try fixture.tensor("probe/labels").values.map { Int($0) }
        let probe = try LinearProbe(
            features: features.rows(0..<120), labels: Array(labels[..<120]), classCount: 5, penalty: penalty)
        var found = probe.parameters
        let shift = (0..<5).reduce(0) { $0 + found[$1 * 8 + 7] } / 5
        for label in 0..<5 { found[label * 8 + 7] -= shift }
        let expected = try fixture.tensor("probe/\(name)").values
        for (value, reference) in zip(found, expected) {
            #expect(abs(value - Double(reference)) < 2e-3 * max(1, abs(Double(reference))))
        }
        let accuracy = probe.accuracy(features.rows(120..<160), Array(labels[120...])).value
        #expect(abs(Float(accuracy) - (try fixture.tensor("probe/\(name)_accuracy").item)) < 1e-6)
    }

    @Test("The sweep of penalties never chooses worse than its seven starts")
    func sweep() throws {
        let fixture = try Fixture("evaluation")
        let features = try fixture.tensor("probe/features")
        let labels = try fixture.tensor("probe/labels").values.map { Int($0) }
        let (train, held) = (features.rows(0..<100), features.rows(100..<160))
        let chosen = try LinearProbe.chosen(
            features: train, labels: Array(labels[..<100]), classCount: 5, validation: (held, Array(labels[100...])))
        for index in [15, 47, 79] {
            let other = try LinearProbe(
                features: train, labels: Array(labels[..<100]), classCount: 5, penalty: LinearProbe.penalties[index])
            #expect(
                chosen.accuracy(held, Array(labels[100...])).value >= other.accuracy(held, Array(labels[100...])).value)
        }
    }

    @Test("Alignment, uniformity and gap equal sums over all pairs")
    func geometry() throws {
        let fixture = try Fixture("evaluation")
        let geometry = try GeometryEvaluation(
            images: try fixture.tensor("geometry/image"), texts: try fixture.tensor("geometry/text"))
        for (field, expected) in zip(geometry.fields, try fixture.tensor("geometry/values").values) {
            #expect(abs(Float(field.value) - expected) < 1e-5, "\(field.name)")
        }
    }

    @Test("A picture prefers its caption, a pair needs both; ties are misses")
    func preferences() throws {
        let images = Tensor([1, 0, 0, 1], shape: [2, 2])
        let captions = Tensor([1, 0, 1, 0], shape: [2, 2])
        let negatives = Tensor([0, 1, 1, 0], shape: [2, 2])
        #expect(
            try PreferenceEvaluation(images: images, captions: captions, negatives: negatives).hits == [true, false])
        #expect(try PatternPairEvaluation(images: images, statements: images).hits == [true])
        #expect(try PatternPairEvaluation(images: images, statements: captions).hits == [false])
        #expect(throws: EvaluationError.self) {
            try PatternPairEvaluation(images: images.rows(0..<1), statements: images)
        }
    }
}
