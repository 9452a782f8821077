internal import Archive
import Foundation
internal import Language
internal import ProCLIP
internal import Tensors

/// The sentences that class names are put into, in place of {}.
enum PromptTemplates {
    /// Files in the folder `templates` of a folder of weights.
    private static let published = ["openai", "simple"]
    /// How many prompts those have.
    private static let counts = ["openai": 80, "simple": 6]

    static func key(default value: Value) -> Key {
        Key(
            "templates", .either([.choice(published), .existingPath, .list(.text), .text]), default: .value(value),
            "the prompts of a class: openai (80), simple (6), a file with one a line, as CLIP_benchmark's shards have, or a list; {} stands for the name"
        )
    }

    /// Throws a `Diagnostic` for a prompt in the statement that names no class.
    static func check(_ arguments: Arguments) throws(Diagnostic) {
        for prompt in written(arguments) ?? [] where !prompt.contains("{}") {
            guard !prompt.hasSuffix(".txt") else {
                throw arguments.diagnostic(.missingFile, "there is no file of prompts \(prompt)", at: "templates")
            }
            throw arguments.diagnostic(
                .unknownChoice, "the prompt \"\(prompt)\" names no class", at: "templates",
                suggestions: Nearest.words(to: prompt, among: published), help: "write {} where the name goes")
        }
    }

    /// How many prompts a class has, as far as that is known before their file is read; else one.
    static func leastCount(_ arguments: Arguments) -> Int {
        arguments.text("templates").flatMap { counts[$0] } ?? max(1, written(arguments)?.count ?? 1)
    }

    /// The prompts; lines of a file that begin with # are its comments, and {c} in them stands for {}, as CLIP_benchmark writes
    /// it. Throws `ArchiveError`.
    static func read(_ arguments: Arguments, in session: Session) throws -> [String] {
        if let written = written(arguments) { return written }
        let path: String
        if let own = arguments.path("templates") {
            path = own
        } else {
            let name = "templates/\(arguments.text("templates") ?? "simple").txt"
            guard let found = session.places.weightsFile(name) else {
                throw ArchiveError.missingOwnFile(name)
            }
            path = found
        }
        let lines = try TextsLoader.lines(path).filter { !$0.hasPrefix("#") }.map { $0.replacing("{c}", with: "{}") }
        guard !lines.isEmpty, lines.allSatisfy({ $0.contains("{}") }) else {
            throw ArchiveError.unreadable(path, reason: "not every line has {} where the name of a class goes")
        }
        return lines
    }

    /// Those that the statement itself gives; nil for a file.
    private static func written(_ arguments: Arguments) -> [String]? {
        if let list = arguments.texts("templates") { return list }
        return arguments.text("templates").flatMap { published.contains($0) ? nil : [$0] }
    }
}

extension Judged {
    /// The embeddings `[C, D]` of classes, each the ensemble of its prompts.
    func classes(_ names: [String], templates: [String]) throws -> Tensor {
        let prompts = names.flatMap { name in templates.map { $0.replacing("{}", with: name) } }
        return try ZeroShotEvaluation.ensemble(try texts(prompts), perClass: templates.count)
    }
}
