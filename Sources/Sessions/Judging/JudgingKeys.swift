internal import Language

/// The options of zero-shot classification, which `eval` and `compare` share.
enum JudgingKeys {
    static let keys = [
        PromptTemplates.key(default: .list([.string("{}")])),
        Key("classes", .text, default: .none("each set's finest"), "the taxonomy that names the classes"),
    ]
}
