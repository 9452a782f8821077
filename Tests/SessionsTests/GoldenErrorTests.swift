import Foundation
import Language
import Testing

@testable import Sessions

/// Every mistake that a check or a run can find, with the whole text the user sees. `Fixtures/errors.txt` holds pairs: a
/// recipe (lines behind `> `) and the rendered diagnostics up to the next blank line.
@Suite struct GoldenErrorTests {
    static let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/errors.txt")
    static let setup = "make clip as m; make pairs as d; make result as r; let n=3"

    static func rendered(_ recipe: String) -> String {
        fakeSession(setup).execute(Source(name: "recipe.pcl", text: recipe)).compactMap { result in
            if case .failure(let diagnostic) = result.outcome { diagnostic.rendered() } else { nil }
        }.joined(separator: "\n")
    }

    @Test func everyTextIsAsAgreed() throws {
        let blocks = try String(contentsOf: Self.file, encoding: .utf8).components(separatedBy: "\n\n")
            .filter { $0.hasPrefix("> ") }
        #expect(Set(blocks).count == blocks.count && blocks.count >= 50)
        for block in blocks {
            let lines = block.split(separator: "\n", omittingEmptySubsequences: false)
            let recipe = lines.filter { $0.hasPrefix("> ") }.map { $0.dropFirst(2) }.joined(separator: "\n")
            let expected = lines.filter { !$0.hasPrefix("> ") }.joined(separator: "\n")
            #expect(Self.rendered(recipe) == expected.trimmingCharacters(in: .newlines), "\(recipe)")
        }
    }
}
