internal import Archive
import Foundation
internal import Inputs
internal import Language
internal import Tensors

/// `load pairs`: pictures with captions from an HDF5 file or any layout that is common.
struct PairsLoader: Loader {
    let kind = HandleKind.pairs
    let place = "an HDF5 file of pairs, such as prepare writes, shards, a table, or a folder of pictures with captions"

    static let keys = [
        Key("sets", .list(.text), default: .none("all"), "the source sets to take", only: ["pairs"]),
        Key(
            "split", .choice(["train", "validation", "test", "all"]), default: .value(.word("all")),
            "the part to take", only: ["pairs"]),
        Key(
            "limit", .integer(1...1_000_000_000), default: .none("all"), "at most so many pictures, drawn by seed",
            only: ["pairs"]),
        Key(
            "seed", .integer(0...Int.max), default: .value(.number(0)), "of the pictures that limit draws",
            only: ["pairs"]),
        Key("lang", .text, default: .value(.word("en")), "the language of the captions", only: ["pairs"]),
        Key(
            "images", .existingPath, default: .none("sought around the file"),
            "the folder of the pictures that a file of captions names", only: ["pairs"]),
    ]

    /// A pattern stands for all the files that it names.
    func readings(_ written: String, in context: CheckContext) -> [String] {
        let path = context.absolute(written)
        return FilePattern.matches(path).isEmpty ? [] : [path]
    }

    func help(for written: String, in context: CheckContext) -> String? {
        written == PrepareCommand.usualPictures ? "prepare pictures builds it" : nil
    }

    func check(_ path: String, _ arguments: Arguments, in context: CheckContext) throws {
        // Pictures that lie in files of their own are looked at when they are loaded.
        if try PairDataset.isFile(path) { _ = try content(path, arguments) { _, _ in } }
    }

    func load(_ path: String, _ arguments: Arguments, in session: Session) throws -> any HandleContent {
        let content = try content(path, arguments) { [progress = session.progress] done, total in
            progress(Progress(label: "look at pictures", step: done, total: total, samplesPerStep: 1))
        }
        if try PairDataset.isFile(path) {
            try session.noteInput(path)
        } else {
            session.record?.note(input: path, hash: content.data.hash)
        }
        return content
    }

    private func content(
        _ path: String, _ arguments: Arguments, progress: (_ done: Int, _ total: Int) -> Void
    ) throws -> PairsContent {
        do {
            var data = try PairDataset.load(path, pictures: arguments.path("images"), progress: progress)
                .selecting(split: arguments.text("split"), sets: arguments.texts("sets"))
            if let limit = arguments.integer("limit"), limit < data.pictureCount {
                var generator = RandomGenerator(seed: UInt64(arguments.integer("seed") ?? 0), stream: "limit")
                let drawn = Array(0..<data.pictureCount).shuffled(using: &generator).prefix(limit)
                data = try data.selecting(pictures: drawn.sorted())
            }
            return try PairsContent(data: data, language: arguments.text("lang") ?? "en")
        } catch PairError.unknown(let kind, let name, let available) {
            let key = ["set": "sets", "split": "split", "language": "lang"][kind]
            throw arguments.diagnostic(
                .unknownChoice, "there is no \(kind) \"\(name)\" in \(path)",
                at: key.flatMap { arguments.given.contains($0) ? $0 : nil } ?? "where",
                suggestions: Nearest.words(to: name, among: available),
                help: available.isEmpty ? "nor any other" : "there is \(available.joined(separator: ", "))")
        }
    }
}
