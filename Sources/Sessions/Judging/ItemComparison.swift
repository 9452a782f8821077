import Foundation
internal import Rendering

/// Where the right answers of one question on one set stand, item by item.
struct ItemRanks {
    let set: String
    /// `image_retrieval`, `text_retrieval` or `zeroshot`.
    let question: String
    /// The texts or the names of the pictures that were asked with.
    let items: [String]
    /// How many wrong answers score at least as high as the best right one; nil where there is none.
    let ranks: [Int?]
}

/// The items of one model beside those of another: whose right answer stands higher.
struct ItemComparison {
    struct Change {
        let set: String
        let question: String
        let item: String
        let before: Int
        let after: Int
        /// How often the rank has halved; negative where it has doubled.
        var gain: Double { log2(Double(before + 1) / Double(after + 1)) }
    }

    let question: String
    private(set) var better: [Change] = []
    private(set) var worse: [Change] = []
    private(set) var same = 0
    var hasChanges: Bool { !better.isEmpty || !worse.isEmpty }

    /// For each question, over all sets.
    static func all(_ reference: [ItemRanks], _ other: [ItemRanks]) -> [ItemComparison] {
        reference.map(\.question).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }.map { question in
            var comparison = ItemComparison(question: question)
            for own in reference where own.question == question {
                guard let others = other.first(where: { $0.set == own.set && $0.question == question }) else {
                    continue
                }
                for (item, (before, after)) in zip(own.items, zip(own.ranks, others.ranks)) {
                    guard let before, let after else { continue }
                    comparison.add(Change(set: own.set, question: question, item: item, before: before, after: after))
                }
            }
            return comparison
        }
    }

    private mutating func add(_ change: Change) {
        if change.before == change.after {
            same += 1
        } else if change.gain > 0 {
            better.append(change)
        } else {
            worse.append(change)
        }
    }

    /// The two-sided sign test of better against worse, by the normal approximation with continuity correction.
    var probability: Double {
        let count = Double(better.count + worse.count)
        if count == 0 { return 1 }
        let distance = max(0, Double(abs(better.count - worse.count)) - 1) / count.squareRoot()
        return erfc(distance / 2.0.squareRoot())
    }

    var fields: Fields {
        [
            "\(question)_better": .integer(better.count), "\(question)_worse": .integer(worse.count),
            "\(question)_same": .integer(same), "\(question)_p": .number(probability),
        ]
    }

    /// A row a model and question.
    static func table(_ compared: [(model: String, comparisons: [ItemComparison])], reference: String) -> Table {
        Table(
            title: "items whose right answer ranks higher (better) or lower (worse) than with \(reference)",
            columns: ["model", "question", "better", "worse", "same", Column("p", style: .significant(2))],
            rows: compared.flatMap { model, comparisons in
                comparisons.map {
                    [
                        .text(model), .text($0.question), .integer($0.better.count), .integer($0.worse.count),
                        .integer($0.same), .number($0.probability),
                    ]
                }
            })
    }

    /// The items whose rank has changed most, gains first.
    static func table(_ comparisons: [ItemComparison], most count: Int, _ reference: String, _ model: String) -> Table {
        let gains = comparisons.flatMap(\.better).sorted { $0.gain > $1.gain }.prefix(count)
        let losses = comparisons.flatMap(\.worse).sorted { $0.gain < $1.gain }.prefix(count)
        return Table(
            title: "the largest changes: ranks of the right answer",
            columns: ["question", "set", "item", Column(reference), Column(model)],
            rows: (gains + losses).map {
                [.text($0.question), .text($0.set), .text($0.item), .integer($0.before + 1), .integer($0.after + 1)]
            })
    }
}
