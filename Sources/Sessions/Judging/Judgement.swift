internal import Inputs
internal import ProCLIP
internal import Rendering
internal import Tensors

/// What evaluation can ask of a model.
enum JudgingTask: String, CaseIterable {
    case retrieval, zeroshot, languages, cka, negatives, patterns, probe, geometry

    /// Those that `eval` has, and those that `compare` has.
    static let ofOne = allCases.filter { $0 != .cka }
    static let ofSeveral = allCases.filter { $0 != .languages }
    /// What `compare` asks unless it is told.
    static let usual: [JudgingTask] = [.retrieval, .zeroshot, .cka]
}

/// The numbers of one model on one dataset, per source set. Every set is a pool of its own.
struct Judgement {
    /// Tells whether a picture's concept was trained on; no class to recognise.
    static let noTaxonomy = "seen"
    /// In the order of the sets, each set's in the order of the tasks.
    private(set) var sets: [(set: String, language: String, fields: Fields)] = []
    /// The numbers that items stand behind.
    private(set) var estimates: [(set: String, name: String, estimate: Estimate)] = []
    var notes: [String] = []
    /// What was classified, a set each, for the note that says it.
    private var classified: [(set: String, meaning: String)] = []
    /// The items behind the ranks.
    private(set) var items: [ItemRanks] = []
    /// [N, D]: the features of all pictures.
    let images: Tensor
    /// Of the captions.
    private let language: String

    /// - `train`: what a linear probe learns from.
    init(
        _ model: Judged, on pairs: PairsContent, tasks: [JudgingTask], templates: [String], taxonomy: String?,
        train: PairsContent?
    ) throws {
        language = pairs.language
        images = try model.features.images(of: pairs.data, by: model.image)
        if tasks.contains(.retrieval) { try judgeRetrieval(model, pairs) }
        if tasks.contains(.zeroshot) { try judgeClasses(model, pairs, templates, taxonomy) }
        if tasks.contains(.negatives) { try judgeNegatives(model, pairs) }
        if tasks.contains(.patterns) { try judgePatterns(model, pairs) }
        if tasks.contains(.geometry) { try judgeGeometry(model, pairs) }
        if tasks.contains(.probe), let train { try judgeProbe(model, pairs, train, taxonomy) }
    }

    /// One judgement of what a model reached on several data, whose sets are known by their data's names. There is at least one.
    init(joining parts: [(name: String, judgement: Judgement)]) {
        let judgements = parts.map(\.judgement)
        guard judgements.count > 1 else {
            self = judgements[0]
            return
        }
        language = judgements[0].language
        images = Tensor.stacked(judgements.map(\.images))
        for (name, part) in parts {
            func named(_ set: String) -> String { part.sets.count > 1 ? "\(name).\(set)" : name }
            sets += part.sets.map { (named($0.set), $0.language, $0.fields) }
            classified += part.classified.map { (named($0.set), $0.meaning) }
            estimates += part.estimates.map { (named($0.set), $0.name, $0.estimate) }
            items += part.items.map {
                ItemRanks(set: named($0.set), question: $0.question, items: $0.items, ranks: $0.ranks)
            }
        }
        let (own, all) = (judgements.compactMap(\.classesNote), judgements.flatMap(\.notes))
        notes = all.map { own.contains($0) ? classesNote ?? $0 : $0 }.uniqued
    }

    private var classesNote: String? {
        let sets = classified.map { "\($0.set) \($0.meaning)" }.joined(separator: ", ")
        return classified.isEmpty ? nil : "zeroshot: \(sets); \(ZeroShotEvaluation.convention)"
    }

    mutating func add(_ set: String, _ values: [(name: String, value: Estimate)], counts: [(name: String, value: Int)])
    {
        estimates += values.map { (set, $0.name, $0.value) }
        add(set, values.map { ($0.name, .number($0.value.value)) } + counts.map { ($0.name, .integer($0.value)) })
    }

    mutating func add(_ set: String, _ values: [(String, Scalar)]) {
        var fields = Fields()
        for (name, value) in values { fields[name] = value }
        if let index = sets.firstIndex(where: { $0.set == set }) {
            sets[index].fields.append(fields)
        } else {
            sets.append((set, language, fields))
        }
    }

    private mutating func judgeRetrieval(_ model: Judged, _ pairs: PairsContent) throws {
        let names = pairs.data.names
        for (set, pool) in try CaptionPool.pools(of: pairs.data, language: pairs.language) {
            let result = try RetrievalEvaluation(
                images: images.gathering(rows: pool.pictures), texts: try model.texts(pool.texts), bearers: pool.bearers
            )
            add(set, result.estimates, counts: result.counts)
            items.append(ItemRanks(set: set, question: "image_retrieval", items: pool.texts, ranks: result.imageRanks))
            items.append(
                ItemRanks(
                    set: set, question: "text_retrieval", items: pool.pictures.map { names[$0] },
                    ranks: result.textRanks))
        }
        notes.append("retrieval: \(RetrievalEvaluation.convention)")
    }

    private mutating func judgeClasses(
        _ model: Judged, _ pairs: PairsContent, _ templates: [String], _ wanted: String?
    ) throws {
        let (setOfPicture, names) = (pairs.data.setOfPicture, pairs.data.names)
        for set in pairs.data.sets {
            let pictures = setOfPicture.indices.filter { setOfPicture[$0] == set }
            guard let taxonomy = try Self.taxonomy(of: pictures, pairs.data, wanted) else { continue }
            let labels = try pairs.data.labels(taxonomy)
            let labelled = pictures.filter { labels[$0] >= 0 }
            let classes = try pairs.data.classes(taxonomy)
            let result = try ZeroShotEvaluation(
                images: images.gathering(rows: labelled), labels: labelled.map { labels[$0] },
                classes: try model.classes(classes, templates: templates))
            // Retrieval, before it, counts the pictures with captions.
            let counted = sets.first { $0.set == set }?.fields["n_images"]
            let own = [(counted == nil ? "n_images" : "n_labelled", labelled.count)]
            add(
                set, result.estimates,
                counts: (counted == .integer(labelled.count) ? [] : own) + [("n_classes", classes.count)])
            items.append(
                ItemRanks(
                    set: set, question: "zeroshot", items: labelled.map { names[$0] }, ranks: result.ranks))
            classified.append((set, "by \(taxonomy) (\(classes.count) classes)"))
        }
        if let classesNote { notes.append(classesNote) }
    }

    /// The taxonomy that was asked for, else the finest that labels these pictures.
    static func taxonomy(of pictures: [Int], _ data: PairDataset, _ wanted: String?) throws -> String? {
        let fitting = try data.taxonomies.filter { name in
            let labels = try data.labels(name)
            return name != noTaxonomy && pictures.contains { labels[$0] >= 0 }
        }
        if let wanted { return fitting.contains(wanted) ? wanted : nil }
        return try fitting.map { (name: $0, count: try data.classes($0).count) }.max { $0.count < $1.count }?.name
    }

    /// The mean over the sets that have a number; counts are added.
    var overall: Fields {
        var result = Fields()
        for name in sets.flatMap(\.fields.names) where result[name] == nil {
            let values = sets.compactMap { $0.fields[name] }
            let numbers = values.compactMap { if case .number(let number) = $0 { number } else { nil } }
            let counts = values.compactMap { if case .integer(let count) = $0 { count } else { nil } }
            result[name] =
                numbers.isEmpty
                ? .integer(counts.reduce(0, +)) : .number(numbers.reduce(0, +) / Double(numbers.count))
        }
        return result
    }

    /// A metric's name as a column's head: a screen holds a dozen of them.
    static func short(_ metric: String) -> String {
        switch metric {
        case "mean_recall": "mR"
        case "mean_per_class_recall": "per class"
        default:
            metric.replacing("image_retrieval_recall@", with: "T2I@").replacing("text_retrieval_recall@", with: "I2T@")
        }
    }

    /// A metric's mean over the sets that have it, with the items behind it.
    func estimate(_ metric: String) -> Estimate? {
        let own = estimates.filter { $0.name == metric }.map(\.estimate)
        return own.isEmpty ? nil : Estimate(mean: own)
    }

    /// Means over the sets under their own names with their intervals, then each set's numbers behind its name.
    var fields: Fields {
        var fields = overall
        for name in overall.names {
            guard let interval = estimate(name)?.interval() else { continue }
            fields["\(name)_low"] = .number(interval.lowerBound)
            fields["\(name)_high"] = .number(interval.upperBound)
        }
        if sets.count > 1 { for (set, _, own) in sets { fields.append(own, under: set) } }
        return fields
    }
}
