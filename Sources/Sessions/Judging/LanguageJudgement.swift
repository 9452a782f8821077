internal import Inputs
internal import ProCLIP
internal import Rendering
internal import Tensors

/// How well captions in one language find those of the same pictures in others.
struct LanguageJudgement {
    static let convention =
        "languages: the nearest of all texts of a language counts, ties count as misses; same and others are mean cosines of "
        + "texts of one picture and of different ones, separability their difference in deviations of the others"

    let language: String
    let others: [(language: String, count: Int, result: LanguageEvaluation)]

    /// - `texts`: N texts -> [N, d].
    /// - `languages`: those that are compared with the pairs' own; nil for all that the file has.
    init(_ texts: ([String]) throws -> Tensor, on pairs: PairsContent, languages: [String]?) throws {
        language = pairs.language
        var own: [Int: String] = [:]
        for caption in pairs.captions where own[caption.picture] == nil { own[caption.picture] = caption.text }
        let pools = try pairs.captions(in: languages).filter { $0.language != pairs.language }.map { language, all in
            let captions = all.filter { own[$0.picture] != nil }
            return (language, CaptionPool(captions: captions.map { (text: $0.text, picture: $0.picture) }))
        }.filter { $0.1.texts.count > 1 }
        // All at once: what is computed together takes less time.
        let needed = pools.flatMap { pool in pool.1.pictures.compactMap { own[$0] } + pool.1.texts }
        let vectors = try texts(needed)
        var next = 0
        others = try pools.map { language, pool in
            let (from, to) = (next..<next + pool.pictures.count, next + pool.pictures.count)
            next = to + pool.texts.count
            let result = try LanguageEvaluation(
                from: vectors.rows(from), to: vectors.rows(to..<next), bearers: pool.bearers)
            return (language, pool.texts.count, result)
        }
    }

    func table(title: String) -> Table {
        var rows = others.map { other, count, result in
            [.text(other), .integer(count)] + Self.numbers(result).map { Scalar.number($0) }
        }
        if others.count > 1 { rows.append([.text("mean"), .missing] + means.map { .number($0) }) }
        let names = ["\(language) to it R@1", "from it R@1", "same", "others", "separability"]
        return Table(
            title: title,
            columns: ["language", Column("texts", style: .significant(9))] + names.map { Column($0, style: .fixed(4)) },
            rows: rows)
    }

    private static func numbers(_ result: LanguageEvaluation) -> [Double] {
        [result.recallTo, result.recallFrom, result.same, result.other, result.separability]
    }

    private var means: [Double] {
        let all = others.map { Self.numbers($0.result) }
        return (all.first ?? []).indices.map { column in all.map { $0[column] }.reduce(0, +) / Double(all.count) }
    }

    /// Means over the languages, then each language's numbers behind its name.
    var fields: Fields {
        func own(_ results: [LanguageEvaluation]) -> Fields {
            var fields = Fields()
            func mean(_ value: (LanguageEvaluation) -> Double) -> Double {
                results.map(value).reduce(0, +) / Double(max(1, results.count))
            }
            fields["recall@1"] = .number(mean(\.recall))
            fields["separability"] = .number(mean(\.separability))
            return fields
        }
        var fields = own(others.map(\.result))
        fields["n_languages"] = .integer(others.count)
        for (language, _, result) in others { fields.append(own([result]), under: language) }
        return fields
    }
}
