internal import Archive
import Foundation
internal import Language

/// A tutorial that is walked through, cell by cell.
struct Lesson: Sendable {
    struct Cell: Sendable {
        /// What stands above the statements.
        let prose: String
        let statements: String
    }

    /// The file's name without its ending, such as `04-forgetting`.
    let name: String
    /// The first heading.
    let title: String
    let cells: [Cell]
    /// What stands below the last statements.
    let end: String
    /// The cell that is run next; their count at the end.
    var next = 0

    /// Throws a diagnostic for a file that cannot be read.
    init(_ path: String) throws {
        let source = try Session.recipe(path)
        name = URL(filePath: path).deletingPathExtension().lastPathComponent
        var prose = source.prose[...]
        func passages(before offset: Int) -> String {
            let own = prose.prefix { $0.span.start < offset }
            prose = prose.dropFirst(own.count)
            return own.map(\.text).joined(separator: "\n\n")
        }
        cells = source.groups.map { group in
            Cell(
                prose: passages(before: group.statements.start),
                statements: source.text(of: group.statements).trimmingCharacters(in: .newlines))
        }
        end = passages(before: .max)
        let heading = source.text.split(separator: "\n").first { $0.hasPrefix("# ") }
        title = heading.map { String($0.dropFirst(2)) } ?? name
    }

    /// Whether a text stands in a cell that has run before and now runs again.
    func hasPassed(_ text: String) -> Bool { cells.prefix(next).contains { $0.statements.contains(text) } }

    /// The tutorials of the first folder that has any, by their numbers.
    static func all(_ places: Places) -> [(number: Int, path: String)] {
        for folder in places.tutorials {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            let numbered = names.filter { $0.hasSuffix(".md") }.compactMap { name in
                Int(name.prefix { $0.isNumber }).map { (number: $0, path: "\(folder)/\(name)") }
            }
            if !numbered.isEmpty { return numbered.sorted { $0.number < $1.number } }
        }
        return []
    }
}

/// How far the user came in each tutorial, by name.
struct LessonProgress {
    private let path: String
    private(set) var cellsDone: [String: Int]

    init(_ places: Places) {
        path = places.state + "/lessons.json"
        let data = try? Data(contentsOf: URL(filePath: path))
        cellsDone = data.flatMap { try? JSONDecoder().decode([String: Int].self, from: $0) } ?? [:]
    }

    mutating func note(_ lesson: Lesson) throws {
        cellsDone[lesson.name] = lesson.next
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        try AtomicWrite.replace(path, with: encoder.encode(cellsDone))
    }
}
