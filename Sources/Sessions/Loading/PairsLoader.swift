internal import Inputs
internal import Language

/// `load pairs`: pictures with captions from an HDF5 file.
struct PairsLoader: Loader {
    let kind = HandleKind.pairs
    let place = "an HDF5 file of pairs, such as prepare writes"

    static let keys = [
        Key("sets", .list(.text), default: .none("all"), "the source sets to take", only: ["pairs"]),
        Key(
            "split", .choice(["train", "validation", "test", "all"]), default: .value(.word("all")),
            "the part to take", only: ["pairs"]),
        Key("lang", .text, default: .value(.word("en")), "the language of the captions", only: ["pairs"]),
    ]

    func check(_ path: String, _ arguments: Arguments, in context: CheckContext) throws {
        do {
            _ = try content(path, arguments)
        } catch PairError.unknown(let kind, let name, let available) {
            let key = ["set": "sets", "split": "split", "language": "lang"][kind]
            throw arguments.diagnostic(
                .unknownChoice, "there is no \(kind) \"\(name)\" in \(path)",
                at: key.flatMap { arguments.given.contains($0) ? $0 : nil } ?? "where",
                suggestions: Nearest.words(to: name, among: available),
                help: available.isEmpty ? "nor any other" : "there is \(available.joined(separator: ", "))")
        }
    }

    func load(_ path: String, _ arguments: Arguments, in session: Session) throws -> any HandleContent {
        try session.noteInput(path)
        return try content(path, arguments)
    }

    private func content(_ path: String, _ arguments: Arguments) throws -> PairsContent {
        let data = try PairDataset.load(path).selecting(split: arguments.text("split"), sets: arguments.texts("sets"))
        return try PairsContent(data: data, language: arguments.text("lang") ?? "en")
    }
}
