import Foundation
internal import Rendering

/// Results as CLIP_benchmark writes them, a JSON object for each model, set and task, one a line; what it has no task for is
/// left out. It knows no intervals, and where weights come from is not said in a word.
struct BenchmarkLines {
    static let ending = "jsonl"

    struct Record: Encodable {
        let dataset: String
        let model: String
        let pretrained: String
        let task: String
        let metrics: [String: Double]
        let language: String
    }

    let records: [Record]

    /// Its tasks, with its names of our numbers.
    private static let tasks: [(task: String, metrics: [(own: String, theirs: String)])] = [
        (
            "zeroshot_retrieval",
            ["image", "text"].flatMap { side in
                [1, 5, 10].map { "\(side)_retrieval_recall@\($0)" }.map { ($0, $0) }
            }
        ),
        ("zeroshot_classification", ["acc1", "acc5", "mean_per_class_recall"].map { ($0, $0) }),
        ("image_caption_selection", [("acc", "acc")]),
        ("linear_probe", [("probe_acc1", "lp_acc1")]),
    ]

    init(_ rows: [JudgedRow]) {
        records = rows.flatMap { row in
            row.pools.flatMap { pool in
                Self.tasks.compactMap { task, names in
                    var metrics: [String: Double] = [:]
                    for (own, theirs) in names {
                        if case .number(let value)? = pool.fields[own] { metrics[theirs] = value }
                    }
                    return metrics.isEmpty
                        ? nil
                        : Record(
                            dataset: pool.set, model: row.name, pretrained: "", task: task, metrics: metrics,
                            language: pool.language)
                }
            }
        }
    }

    func data() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try records.reduce(into: Data()) { $0 += try encoder.encode($1) + [10] }
    }
}
