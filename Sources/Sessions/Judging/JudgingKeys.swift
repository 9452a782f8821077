internal import Language

/// The options of zero-shot classification, which `eval` and `compare` share.
enum JudgingKeys {
    static let keys = [
        Key(
            "prompts", .list(.text), default: .value(.list([.string("{}")])),
            "the prompts of a class; {} stands for its name"),
        Key("classes", .text, default: .none("each set's finest"), "the taxonomy that names the classes"),
    ]

    static func prompts(_ arguments: Arguments) -> [String] { arguments.texts("prompts") ?? ["{}"] }

    static func check(_ arguments: Arguments) throws(Diagnostic) {
        guard let wrong = prompts(arguments).first(where: { !$0.contains("{}") }) else { return }
        throw arguments.diagnostic(
            .unknownChoice, "the prompt \"\(wrong)\" names no class", at: "prompts",
            help: "write {} where the name goes")
    }
}
