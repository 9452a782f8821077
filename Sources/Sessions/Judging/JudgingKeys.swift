internal import Language

/// The options of judging that `eval` and `compare` share.
enum JudgingKeys {
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
        if tasks.contains(.probe), arguments["train"] == nil {
            throw arguments.diagnostic(
                .missingArgument, "a linear probe needs train=: the pairs that it learns from")
        }
        guard let pairs = arguments.handle("on")?.content as? PairsContent, tasks.contains(.negatives) else { return }
        let negative = pairs.language + "-negative"
        guard !pairs.data.languages.contains(negative) else { return }
        throw arguments.diagnostic(
            .contradiction, "\(arguments.handle("on")?.name ?? "it") has no false captions (\(negative))", at: "on",
            help: "load SugarCrepe's JSON")
    }

    /// What `JudgingTask`s are called in statements.
    static func tasks(_ texts: [String]?) -> [JudgingTask]? { texts?.compactMap(JudgingTask.init) }

    static func words(_ tasks: [JudgingTask]) -> [String] { tasks.map(\.rawValue) }
}
