public import Language
internal import ProCLIP
internal import Rendering
internal import Tensors

/// `classify PICTURES labels=[...] with=M`
public struct ClassifyCommand: Command {
    public let name = "classify"
    public let summary = "tell which of some labels fit pictures best, without training (zero-shot)"
    public let slots = [
        Slot(
            "what", .either([.handle([.pairs, .images, .embeddings]), .existingPaths, .list(.text)]),
            "a picture, a folder or a pattern of pictures, a list of those, pairs, images, or embeddings of pictures")
    ]
    public let keys = [
        Key(
            "labels", .either([.handle([.labels, .texts]), .existingPath, .list(.text), .text]), default: .required,
            "the names of the classes: a list, texts, or a file with one a line"),
        PromptTemplates.key(default: .word("simple")),
        Key("with", .handle([.clip, .model]), default: .none("the one that made the embeddings"), "the model"),
        Key("top", .integer(1...1000), default: .value(.number(5)), "how many labels are shown of each picture"),
    ]
    public let examples = [
        "classify ./pictures labels=[cat, dog, car] with=teacher as r",
        "classify ./pictures/*.png labels=[cat, \"a dog\"] templates=openai with=teacher",
    ]
    public let seeAlso = ["search", "embed", "eval"]

    public func resultKind(_ arguments: Arguments) -> HandleKind? { .result }

    public func check(_ arguments: Arguments, in context: CheckContext) throws(Diagnostic) {
        try PromptTemplates.check(arguments)
        guard arguments.handle("with") == nil, arguments["what"] != nil else { return }
        if let handle = arguments.handle("what"), handle.kind == .embeddings { return }
        throw arguments.diagnostic(.missingArgument, "classify needs with=: the model that sees the pictures")
    }

    public func run(_ arguments: Arguments, in session: Session) throws -> Outcome {
        let (model, pictures, notes) = try input(arguments, in: session)
        let labels = try labels(arguments)
        let classes = try model.classes(labels, templates: try PromptTemplates.read(arguments, in: session))
        let order = try Ranking.best(labels.count, of: pictures.vectors, among: classes)
        let top = arguments.integer("top") ?? 5
        var fields: Fields = ["n": .integer(pictures.labels.count), "n_labels": .integer(labels.count)]
        for (index, label) in labels.enumerated() {
            fields["count.\(label)"] = .integer(order.count { $0.first?.candidate == index })
        }
        var rows: [[Scalar]] = []
        for (picture, ranked) in zip(pictures.labels, order) {
            let probabilities = model.probabilities(ranked.map(\.score))
            for (rank, (match, probability)) in zip(ranked, probabilities).prefix(top).enumerated() {
                rows.append([
                    .text(session.context.shown(picture)), .integer(rank + 1), .text(labels[match.candidate]),
                    .number(probability),
                    .number(Double(match.score)),
                ])
            }
        }
        if pictures.labels.count == 1, let best = rows.first {
            (fields["label"], fields["probability"]) = (best[2], best[3])
        }
        let table = Table(
            title: "by \(model.name)",
            columns: [
                "picture", "rank", "label", Column("percent", style: .percent(1)), Column("cosine", style: .fixed(4)),
            ], rows: rows)
        let reply = Reply([.table(table)] + notes.map { .note($0) }, fields: fields)
        return Outcome(
            reply,
            content: ResultContent(
                reply: reply, summary: "\(pictures.labels.count) pictures among \(labels.count) labels"))
    }

    private func input(
        _ arguments: Arguments, in session: Session
    ) throws -> (model: Judged, pictures: LabelledEmbeddings, notes: [String]) {
        if let handle = arguments.handle("what"), handle.kind == .embeddings {
            let content: EmbeddingsContent = try arguments.content("what")
            guard content.embeddings.role == .paths else {
                throw arguments.diagnostic(.wrongKind, "\(handle.name) holds embeddings of texts", at: "what")
            }
            return (try session.maker(of: content.embeddings, arguments), content.embeddings, [])
        }
        guard let handle = arguments.handle("with") else {
            throw arguments.diagnostic(.missingArgument, "classify needs with=: the model that sees the pictures")
        }
        let model = try Judged(handle, arguments, at: "with", in: session)
        let input = try EmbeddedInput(arguments, of: "image", in: session.context)
        guard let pictures = try PictureEmbeddings(of: input, by: model, in: session.context) else {
            throw arguments.diagnostic(.wrongKind, "these are texts; pictures are classified", at: "what")
        }
        return (model, pictures.embeddings, pictures.notes)
    }

    private func labels(_ arguments: Arguments) throws -> [String] {
        let labels: [String]
        if let handle = arguments.handle("labels") {
            labels = try arguments.content(of: handle, at: "labels", as: TextsContent.self).texts
        } else if let path = arguments.path("labels") {
            labels = try TextsLoader.lines(path)
        } else {
            labels = arguments.texts("labels") ?? arguments.text("labels").map { [$0] } ?? []
        }
        guard !labels.isEmpty else {
            throw arguments.diagnostic(.missingArgument, "there is no label to choose from", at: "labels")
        }
        return labels
    }
}
