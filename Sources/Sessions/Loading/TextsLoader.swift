internal import Archive
import Foundation
internal import Language

/// `load texts`: the lines of a UTF-8 file.
struct TextsLoader: Loader {
    let kind = HandleKind.texts
    let place = "a UTF-8 file with a text a line"

    func load(_ path: String, _ arguments: Arguments, in session: Session) throws -> any HandleContent {
        TextsContent(texts: try Self.lines(path))
    }

    /// The lines that are not blank. Throws `ArchiveError` for a file that is missing, empty or no UTF-8.
    static func lines(_ path: String) throws -> [String] {
        let lines = try TextFile.read(path).split(whereSeparator: \.isNewline).map(String.init)
            .filter { !$0.allSatisfy(\.isWhitespace) }
        guard !lines.isEmpty else { throw ArchiveError.unreadable(path, reason: "it holds no text") }
        return lines
    }
}
