internal import ProCLIP
internal import Tensors

/// What `canary=` asks for: zero-shot accuracy where the pairs have classes, retrieval, and how alike the image features are to
/// those at the start.
struct CanaryTask {
    let pairs: PairsContent
    let arguments: Arguments
    private let tasks: [JudgingTask]
    /// Of a class: its name alone, as eval takes it.
    private static let templates = ["{}"]

    /// Nil where the statement has no canary.
    init?(_ arguments: Arguments) throws {
        guard arguments["canary"] != nil else { return nil }
        self.arguments = arguments
        pairs = try arguments.content("canary")
        let hasClasses = try Judgement.taxonomy(of: Array(0..<pairs.data.pictureCount), pairs.data, nil) != nil
        tasks = hasClasses ? [.zeroshot, .retrieval] : [.retrieval]
    }

    /// - Parameters:
    ///   - present: the model as it is now.
    ///   - start: the model as it was before the first step, which is only made where that is past.
    ///   - hasStarted: whether it is.
    ///   - holding: whether pictures are trained, so that their CKA is of interest.
    func canary(
        of present: @escaping () throws -> any TrainedContent,
        startingAs start: @escaping () throws -> any TrainedContent,
        hasStarted: Bool, holding: Bool, _ name: String, in session: Session
    ) throws -> Canary {
        var reference: Tensor?
        if hasStarted, holding { reference = try judge(start(), [], name, session).images }
        return Canary(hash: "\(pairs.data.hash) \(pairs.language)") {
            let judgement = try judge(present(), tasks, name, session)
            var numbers: [(name: String, value: Double)] = []
            for metric in ["acc1", "mean_recall"] {
                if case .number(let value)? = judgement.overall[metric] { numbers.append((metric, value)) }
            }
            guard holding else { return numbers }
            let first = reference ?? judgement.images
            reference = first
            return numbers + [(name: "cka", value: try LinearCKA.similarity(first, judgement.images))]
        }
    }

    /// Without lines of progress between those of the training.
    private func judge(
        _ content: any TrainedContent, _ tasks: [JudgingTask], _ name: String, _ session: Session
    ) throws -> Judgement {
        let sink = session.progress
        defer { session.progress = sink }
        session.progress = { _ in }
        let handle = Handle(name: name, kind: content.kind, content: content)
        return try Judgement(
            Judged(handle, arguments, at: "canary", in: session), on: pairs, tasks: tasks, templates: Self.templates,
            taxonomy: nil, train: nil)
    }
}
