internal import ProCLIP
internal import Rendering

/// How much a metric differs between two models on the same items, and whether that can be chance.
struct ModelDifference {
    let model: String
    let metric: String
    let estimate: Estimate
    let interval: ClosedRange<Double>
    let probability: Double

    /// The metrics that are tested.
    private static let tested = ["mean_recall", "acc1", "acc", "pair_acc", "probe_acc1"]

    /// Every model against the first.
    static func all(_ judged: [(name: String, judgement: Judgement)]) -> [ModelDifference] {
        guard let reference = judged.first?.judgement else { return [] }
        return judged.dropFirst().flatMap { name, judgement in
            tested.compactMap { metric in
                guard let own = judgement.estimate(metric), let other = reference.estimate(metric),
                    let difference = own.difference(from: other)
                else { return nil }
                return ModelDifference(
                    model: name, metric: metric, estimate: difference, interval: difference.interval(),
                    probability: difference.signFlipProbability())
            }
        }
    }

    var fields: Fields {
        [
            "\(metric)_difference": .number(estimate.value), "\(metric)_difference_low": .number(interval.lowerBound),
            "\(metric)_difference_high": .number(interval.upperBound), "\(metric)_p": .number(probability),
        ]
    }

    static func table(_ differences: [ModelDifference], reference: String) -> Table {
        Table(
            title: "differences from \(reference) in points, 95% intervals and sign-flip tests over items",
            columns: ["model", "metric"] + ["difference", "low", "high"].map { Column($0, style: .percent(1)) }
                + [Column("p", style: .significant(2))],
            rows: differences.map {
                [
                    .text($0.model), .text(Judgement.short($0.metric)), .number($0.estimate.value),
                    .number($0.interval.lowerBound), .number($0.interval.upperBound), .number($0.probability),
                ]
            })
    }
}
