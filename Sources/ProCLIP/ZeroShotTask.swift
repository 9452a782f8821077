public import Inputs

/// A classification task on a dataset: prompts for every class of a taxonomy, and the labelled pictures.
public struct ZeroShotTask: Equatable, Sendable {
    /// What stands for a picture of a class; `{}` is the class's name.
    public static let templates = ["{}", "a picture of {}", "a drawing of {}", "an icon of {}"]

    public let classes: [String]
    /// The prompts, `promptsPerClass` consecutive ones a class: what `ZeroShotEvaluation.ensemble` expects.
    public let texts: [String]
    public let promptsPerClass: Int
    /// The pictures that have a class, as numbers of the dataset, and the class of each.
    public let pictures: [Int]
    public let labels: [Int]

    /// Every class of the taxonomy is a candidate, also those without a picture in this selection.
    /// Throws `PairError` for an unknown taxonomy, `EvaluationError.empty` where no picture has a class.
    public init(data: PairDataset, taxonomy: String, templates: [String] = templates) throws {
        let all = try data.labels(taxonomy)
        pictures = all.indices.filter { all[$0] >= 0 }
        guard !pictures.isEmpty, !templates.isEmpty else {
            throw EvaluationError.empty("pictures with a class of \(taxonomy)")
        }
        labels = pictures.map { all[$0] }
        classes = try data.classes(taxonomy)
        texts = classes.flatMap { name in templates.map { $0.replacing("{}", with: name) } }
        promptsPerClass = templates.count
    }
}
