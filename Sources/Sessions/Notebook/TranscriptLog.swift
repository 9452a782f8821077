import Foundation
import Rendering

/// A file to which statements are added as they succeed; it is a recipe at any time.
struct TranscriptLog {
    let path: String

    /// Begins the file with what the session has done so far, or goes on where there is one.
    init(_ path: String, after transcript: Transcript) throws {
        self.path = path
        guard !FileManager.default.fileExists(atPath: path) else { return }
        try Data().write(to: URL(filePath: path))
        for entry in transcript.entries { try append(entry) }
    }

    func append(_ entry: Transcript.Entry) throws {
        let cell = Notebook.Cell.code(
            Notebook.Code(number: entry.number, text: entry.statement, output: entry.output))
        let text = NotebookFormat.pcl.document(Notebook(title: "", cells: [cell]))
        try Data((text + "\n").utf8).append(to: path)
    }
}
