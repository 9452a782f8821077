import Foundation
import Language
import Testing

@testable import Sessions

/// The pages of Tutorials, as far as they can be judged without running them: `make test` replays them.
@Suite struct TutorialTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Tutorials")
        .standardized.path()

    private static var pages: [String] {
        Lesson.all(Places(environment: ["PROCLIP_TUTORIALS": folder], workingDirectory: "/")).map(\.path)
    }

    @Test func thereAreElevenInOrder() throws {
        let names = Self.pages.map { URL(filePath: $0).lastPathComponent.prefix(2) }
        #expect(names == (0...10).map { $0 < 10 ? "0\($0)" : "\($0)" }.map { $0[...] })
    }

    /// Each has a title, a reduced form, a question to guess, and prose before its first and behind its last cell.
    @Test(arguments: pages)
    func hasTheFormOfALesson(path: String) throws {
        let lesson = try Lesson(path)
        #expect(lesson.title != lesson.name && !lesson.end.isEmpty && lesson.cells.first?.prose.isEmpty == false)
        let text = lesson.cells.map(\.statements).joined(separator: "\n")
        #expect(text.contains("param fast=0 "))
        #expect(text.contains("guess \"") || lesson.name.hasPrefix("09"))
        let session = Session(workingDirectory: Self.folder + "/..", environment: ["HOME": "/nonexistent"])
        #expect(session.check(recipe: path, expectingFiles: true).diagnostics.map { $0.rendered() } == [])
    }

    /// What the last page shows of its change is what its patch makes.
    @Test func thePatchIsWhatThePageShows() throws {
        let page = try String(contentsOfFile: Self.folder + "/10-add-a-loss.md", encoding: .utf8)
        let patch = try String(contentsOfFile: Self.folder + "/10-add-a-loss.patch", encoding: .utf8)
        let added = Set(patch.split(separator: "\n").filter { $0.hasPrefix("+") }.map { $0.dropFirst() })
        let fences = page.components(separatedBy: "```swift\n").dropFirst().compactMap {
            $0.components(separatedBy: "```").first
        }
        try #require(fences.count == 4)
        for line in fences.joined().split(separator: "\n") { #expect(added.contains(line), "\(line)") }
    }
}
