internal import Language
internal import ProCLIP

/// The options of judging that `eval` and `compare` share.
enum JudgingKeys {
    /// What is judged on.
    static func on(_ presence: Key.Default) -> Key {
        Key(
            "on", .list(.handle([.pairs])), default: presence,
            "the pairs, several as [a, b]; each source set is a pool of its own, and the mean is over all pools")
    }

    static let keys = [
        PromptTemplates.key(default: .list([.string("{}")])),
        Key("classes", .text, default: .none("each set's finest"), "the taxonomy that names the classes"),
        Key(
            "train", .handle([.pairs]), default: .none("task=probe needs it"),
            "the pairs that a linear probe learns from"),
    ]

    /// Throws a `Diagnostic` where a task lacks what it needs.
    static func check(_ tasks: [JudgingTask], _ arguments: Arguments) throws(Diagnostic) {
        try PromptTemplates.check(arguments)
        let names = arguments.handles("on").map(\.name)
        if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
            throw arguments.diagnostic(
                .contradiction, "\(twice) is named twice: a set counts once in the mean", at: "on")
        }
        if tasks.contains(.probe), arguments["train"] == nil {
            throw arguments.diagnostic(
                .missingArgument, "a linear probe needs train=: the pairs that it learns from")
        }
        guard tasks.contains(.negatives) else { return }
        for handle in arguments.handles("on") {
            guard let pairs = handle.content as? PairsContent else { continue }
            let negative = pairs.language + "-negative"
            guard !pairs.data.languages.contains(negative) else { continue }
            throw arguments.diagnostic(
                .contradiction, "\(handle.name) has no false captions (\(negative))", at: "on",
                help: "load SugarCrepe's JSON")
        }
    }

    /// What a model reaches on all that `on=` names.
    static func judgement(
        of model: Judged, _ tasks: [JudgingTask], _ arguments: Arguments, in session: Session
    ) throws -> Judgement {
        let templates = try PromptTemplates.read(arguments, in: session)
        let train: PairsContent? = arguments["train"] == nil ? nil : try arguments.content("train")
        return Judgement(
            joining: try arguments.handles("on").map { handle in
                let pairs = try arguments.content(of: handle, at: "on", as: PairsContent.self)
                let judgement = try Judgement(
                    model, on: pairs, tasks: tasks, templates: templates, taxonomy: arguments.text("classes"),
                    train: train)
                return (handle.name, judgement)
            })
    }

    /// The names behind `on=`.
    static func title(_ arguments: Arguments) -> String {
        arguments.handles("on").map(\.name).joined(separator: ", ")
    }

    /// What `JudgingTask`s are called in statements.
    static func tasks(_ texts: [String]?) -> [JudgingTask]? { texts?.compactMap(JudgingTask.init) }

    static func words(_ tasks: [JudgingTask]) -> [String] { tasks.map(\.rawValue) }
}
