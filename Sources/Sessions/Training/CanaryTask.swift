internal import ProCLIP
internal import Tensors

/// What `canary=` asks for. Of a model: zero-shot accuracy where the pairs have classes, retrieval, and how alike the image
/// features are to those at the start. Of an embedder: whether captions find those in other languages.
struct CanaryTask {
    let pairs: PairsContent
    let arguments: Arguments
    /// What `watch=` draws beside.
    let watched: Watched?
    /// Of a class: its name alone, as eval takes it.
    private static let templates = ["{}"]

    /// Nil where the statement has no canary.
    init?(_ arguments: Arguments) throws {
        guard arguments["canary"] != nil else { return nil }
        let pairs: PairsContent = try arguments.content("canary")
        (self.arguments, self.pairs) = (arguments, pairs)
        watched = arguments.text("watch").flatMap(PairMap.init).map {
            Watched(map: $0, labels: pairs.first(PairMap.usualCount).map(\.text).numbered)
        }
    }

    /// - `present`: the model as it is now.
    /// - `start`: the model as it was before the first step, which is only made where that is past.
    /// - `hasStarted`: whether it is.
    /// - `holding`: whether pictures are trained, so that their CKA is of interest.
    func canary(
        of present: @escaping () throws -> any TrainedContent,
        startingAs start: @escaping () throws -> any TrainedContent,
        hasStarted: Bool, holding: Bool, _ name: String, in session: Session
    ) throws -> Canary {
        var reference: Tensor?
        if hasStarted, holding { reference = try judge(start(), [], name, session).judgement.images }
        let drawn = watched.map { " \($0.map.rawValue)" } ?? ""
        return Canary(hash: "\(pairs.data.hash) \(pairs.language)\(drawn)") { step in
            let content = try present()
            if let content = content as? EmbedderContent {
                return CanaryReading(step: step, values: try languages(content, in: session))
            }
            let hasClasses = try Judgement.taxonomy(of: Array(0..<pairs.data.pictureCount), pairs.data, nil) != nil
            let (judgement, map) = try judge(
                content, hasClasses ? [.zeroshot, .retrieval] : [.retrieval], name, session)
            var values = ["acc1", "mean_recall"].compactMap { metric -> CanaryReading.Value? in
                if case .number(let value)? = judgement.overall[metric] {
                    CanaryReading.Value(name: metric, value: value)
                } else {
                    nil
                }
            }
            if holding {
                let first = reference ?? judgement.images
                reference = first
                values.append(.init(name: "cka", value: try LinearCKA.similarity(first, judgement.images)))
            }
            return CanaryReading(step: step, values: values, map: map?.map { $0.map { Float($0) } })
        }
    }

    /// Without lines of progress between those of the training.
    private func judge(
        _ content: any TrainedContent, _ tasks: [JudgingTask], _ name: String, _ session: Session
    ) throws -> (judgement: Judgement, map: [[Double]]?) {
        let sink = session.progress
        defer { session.progress = sink }
        session.progress = { _ in }
        let judged = try Judged(
            Handle(name: name, kind: content.kind, content: content), arguments, at: "canary", in: session)
        let judgement = try Judgement(
            judged, on: pairs, tasks: tasks, templates: Self.templates, taxonomy: nil, train: nil)
        let map = try watched.map {
            try EmbeddedPairs(judged, pairs, count: $0.labels.count, images: judgement.images).values(of: $0.map)
        }
        return (judgement, map)
    }

    /// An embedder that changes with each reading leaves nothing in the cache.
    private func languages(_ content: EmbedderContent, in session: Session) throws -> [CanaryReading.Value] {
        let judgement = try LanguageJudgement(
            { texts in
                try content.embedder.embed(texts) { if session.stop.isRaised { throw CancellationError() } }
            }, on: pairs, languages: arguments.texts("languages"))
        return ["recall@1", "separability"].compactMap { metric -> CanaryReading.Value? in
            if case .number(let value)? = judgement.fields[metric] { .init(name: metric, value: value) } else { nil }
        }
    }
}
