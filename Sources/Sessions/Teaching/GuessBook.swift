internal import Archive
import Foundation

/// The user's guesses, a line of JSON each, in the order in which they were answered.
struct GuessBook {
    struct Entry: Codable, Equatable {
        let date: Date
        /// The tutorial, or nothing at the prompt.
        let lesson: String
        let question, guess, answer: String
        /// What the user said to it; empty where nothing.
        let why: String
    }

    let path: String

    init(_ places: Places) { path = places.state + "/guesses.jsonl" }

    /// Lines that are none are left out: the file is the user's.
    var entries: [Entry] {
        guard let text = try? TextFile.read(path) else { return [] }
        return text.split(separator: "\n").compactMap { try? JSONDecoder().decode(Entry.self, from: Data($0.utf8)) }
    }

    /// What was guessed last to a question of a lesson.
    func last(_ question: String, in lesson: String) -> Entry? {
        entries.last { $0.question == question && $0.lesson == lesson }
    }

    func add(_ entry: Entry) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let kept = (try? Data(contentsOf: URL(filePath: path))) ?? Data()
        try AtomicWrite.replace(path, with: kept + encoder.encode(entry) + Data("\n".utf8))
    }
}
