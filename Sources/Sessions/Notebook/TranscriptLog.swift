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
        for item in transcript.items { try append(item) }
    }

    func append(_ item: Transcript.Item) throws {
        let text = NotebookFormat.pcl.document(Notebook(title: "", cells: [item.cell]))
        try Data((text + "\n").utf8).append(to: path)
    }
}
