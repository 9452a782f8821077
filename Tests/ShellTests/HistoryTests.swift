import Foundation
import Testing

@testable import Shell

@Suite struct HistoryTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "history-\(UUID().uuidString)")
    private var history: History { History(path: folder.path + "/deep/history") }

    @Test func keepsWholeStatementsInAPrivateFile() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let entries = ["show x", "for i in [1, 2]\n  print \"a\\n$i\"\nend", "print '日本語'"]
        for entry in entries { history.append(entry) }
        #expect(history.load() == entries)
        let attributes = try FileManager.default.attributesOfItem(atPath: history.path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test func cutsAFileThatHasGrown() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        history.append("first")
        let lines = (0...(2 * History.limit)).map { "print \($0)" }
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: history.path))
        #expect(history.load().count == History.limit)
        let text = try String(contentsOfFile: history.path, encoding: .utf8)
        #expect(text.split(separator: "\n").count == History.limit)
        #expect(history.load().last == lines.last)
    }

    @Test func livesWithWhatItCannotRead() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(history.load().isEmpty)
        history.append("one")
        try Data([0xFF, 0xFE, 0x0A, 0x61, 0x5C]).write(to: URL(filePath: history.path))
        #expect(history.load().count == 2)
        History(path: "/proc/none/history").append("nowhere")
    }
}
