internal import Inputs
internal import ProCLIP
internal import Rendering
internal import Tensors

/// The tasks beside retrieval and classification by prompts.
extension Judgement {
    /// The first caption of each picture in a language; nil where it has none.
    private static func captions(_ pairs: PairsContent, _ language: String) throws -> [String?] {
        var texts = [String?](repeating: nil, count: pairs.data.pictureCount)
        for caption in try pairs.data.captions(language: language) where texts[caption.picture] == nil {
            texts[caption.picture] = caption.text
        }
        return texts
    }

    /// The pictures of each set for which a condition holds.
    private static func pictures(of pairs: PairsContent, where holds: (Int) -> Bool) -> [(set: String, pictures: [Int])]
    {
        let sets = pairs.data.setOfPicture
        return pairs.data.sets.map { set in (set, sets.indices.filter { sets[$0] == set && holds($0) }) }
            .filter { !$0.pictures.isEmpty }
    }

    /// Captions against false ones: those of the language `en-negative`.
    mutating func judgeNegatives(_ model: Judged, _ pairs: PairsContent) throws {
        let right = try Self.captions(pairs, pairs.language)
        let wrong = try Self.captions(pairs, pairs.language + "-negative")
        for (set, pictures) in Self.pictures(of: pairs, where: { right[$0] != nil && wrong[$0] != nil }) {
            let result = try PreferenceEvaluation(
                images: images.gathering(rows: pictures), captions: try model.texts(pictures.compactMap { right[$0] }),
                negatives: try model.texts(pictures.compactMap { wrong[$0] }))
            add(set, [("acc", result.accuracy)], counts: [("n_images", pictures.count)])
        }
        notes.append("negatives: \(PreferenceEvaluation.convention)")
    }

    /// Pictures that share a group are a pair.
    mutating func judgePatterns(_ model: Judged, _ pairs: PairsContent) throws {
        let (captions, groups) = (try Self.captions(pairs, pairs.language), pairs.data.groups)
        for (set, pictures) in Self.pictures(of: pairs, where: { captions[$0] != nil }) {
            let both = Dictionary(grouping: pictures, by: { groups[$0] }).values.filter { $0.count == 2 }
                .sorted { $0[0] < $1[0] }.flatMap(\.self)
            guard !both.isEmpty else { continue }
            let result = try PatternPairEvaluation(
                images: images.gathering(rows: both), statements: try model.texts(both.compactMap { captions[$0] }))
            add(set, [("pair_acc", result.accuracy)], counts: [("n_pairs", both.count / 2)])
        }
        notes.append("patterns: \(PatternPairEvaluation.convention)")
    }

    mutating func judgeGeometry(_ model: Judged, _ pairs: PairsContent) throws {
        let captions = try Self.captions(pairs, pairs.language)
        for (set, pictures) in Self.pictures(of: pairs, where: { captions[$0] != nil }) where pictures.count > 1 {
            let result = try GeometryEvaluation(
                images: images.gathering(rows: pictures), texts: try model.texts(pictures.compactMap { captions[$0] }))
            add(set, result.fields.map { ($0.name, .number($0.value)) })
        }
        notes.append("geometry: \(GeometryEvaluation.convention)")
    }

    /// A linear probe a set, on the training pictures that its taxonomy labels; every fifth of them chooses the penalty.
    mutating func judgeProbe(
        _ model: Judged, _ pairs: PairsContent, _ train: PairsContent, _ wanted: String?
    ) throws {
        let learnt = try model.features.images(of: train.data, by: model.image)
        for (set, all) in Self.pictures(of: pairs, where: { _ in true }) {
            guard let taxonomy = try Self.taxonomy(of: all, pairs.data, wanted),
                train.data.taxonomies.contains(taxonomy)
            else { continue }
            let classes = try train.data.classes(taxonomy)
            let numbers = Dictionary(uniqueKeysWithValues: zip(classes, classes.indices))
            let named = try pairs.data.classes(taxonomy).map { numbers[$0] }
            let (own, other) = (try train.data.labels(taxonomy), try pairs.data.labels(taxonomy))
            let known = own.indices.filter { own[$0] >= 0 }
            let asked = all.filter { other[$0] >= 0 && named[other[$0]] != nil }
            guard known.count > 4, !asked.isEmpty else { continue }
            func part(_ rows: [Int]) -> (Tensor, [Int]) { (learnt.gathering(rows: rows), rows.map { own[$0] }) }
            let (fit, fitLabels) = part(known.enumerated().filter { $0.offset % 5 != 4 }.map(\.element))
            let chosen = try LinearProbe.chosen(
                features: fit, labels: fitLabels, classCount: classes.count,
                validation: part(known.enumerated().filter { $0.offset % 5 == 4 }.map(\.element)))
            let (whole, wholeLabels) = part(known)
            let probe = try LinearProbe(
                features: whole, labels: wholeLabels, classCount: classes.count, penalty: chosen.penalty)
            let accuracy = probe.accuracy(images.gathering(rows: asked), asked.compactMap { named[other[$0]] })
            add(set, [("probe_acc1", accuracy)], counts: [("n_train", known.count)])
            notes.append(
                "probe: \(set) by \(taxonomy), logistic regression on \(known.count) training pictures, penalty "
                    + "\(NumberStyle.significant(2).text(.number(chosen.penalty))) chosen on a fifth of them")
        }
    }
}
