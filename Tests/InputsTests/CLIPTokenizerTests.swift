import Archive
import Foundation
import Inputs
import Testing

private let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
private let mergesPath = root.appending(path: "Weights/clip-merges.txt").path

@Suite struct CLIPTokenizerTests {
    private struct Case: Decodable {
        let text: String
        let ids: [Int32]
        let cut: Bool
    }

    private static let cases: [Case] = {
        let url = root.appending(path: "Tests/InputsTests/Fixtures/clip-tokenizer/cases.jsonl")
        let lines = (try? Data(contentsOf: url).split(separator: UInt8(ascii: "\n"))) ?? []
        return lines.compactMap { try? JSONDecoder().decode(Case.self, from: $0) }
    }()

    @Test func givesTheIdsOfOpenCLIP() throws {
        let tokenizer = try CLIPTokenizer(mergesPath: mergesPath)
        #expect(Self.cases.count >= 1_000)
        let batch = tokenizer.encode(Self.cases.map(\.text))
        for (row, expected) in Self.cases.enumerated() {
            #expect(Array(batch[row]) == expected.ids, "\(expected.text.debugDescription)")
        }
        #expect(batch.cutCount == Self.cases.count { $0.cut })
        #expect(tokenizer.vocabularySize == 49_408)
    }

    @Test func givesTheIdsOfTransformers() throws {
        let tokenizer = try CLIPTokenizer(mergesPath: mergesPath, style: .huggingFace)
        let url = root.appending(path: "Tests/InputsTests/Fixtures/clip-tokenizer/transformers.jsonl")
        let lines = try Data(contentsOf: url).split(separator: UInt8(ascii: "\n"))
        let batch = tokenizer.encode(Self.cases.map(\.text))
        try #require(lines.count == Self.cases.count)
        for (row, line) in lines.enumerated() {
            let ids = try JSONDecoder().decode([Int32].self, from: line)
            #expect(Array(batch[row]) == ids, "\(Self.cases[row].text.debugDescription)")
        }
    }

    @Test func padsToTheLongestTextOnly() throws {
        let tokenizer = try CLIPTokenizer(mergesPath: mergesPath)
        let batch = tokenizer.encode(["a cat", ""])
        #expect(batch.ids == [49406, 320, 2368, 49407, 49406, 49407, 0, 0])
        #expect(batch.lengths == [4, 2])
        #expect(batch.tokenCount == 4)
        #expect(tokenizer.encode([]) == TokenBatch(rows: [], padding: 0))
    }

    @Test func cutsLongTextsAndKeepsTheEnd() throws {
        let tokenizer = try CLIPTokenizer(mergesPath: mergesPath, contextLength: 5)
        let batch = tokenizer.encode(["a cat", "a cat a cat", "a cat a"])
        #expect(batch.ids == [49406, 320, 2368, 49407, 0, 49406, 320, 2368, 320, 49407, 49406, 320, 2368, 320, 49407])
        #expect(batch.cutCount == 1)
    }

    @Test func namesAMissingOrForeignMergesFile() throws {
        let missing = "/nowhere/clip-merges.txt"
        #expect(throws: ArchiveError.missingFile(missing)) { try CLIPTokenizer(mergesPath: missing) }
        let foreign = FileManager.default.temporaryDirectory.appending(path: "foreign-merges-\(UUID()).txt")
        defer { try? FileManager.default.removeItem(at: foreign) }
        try "# version\nno merges here\n".write(to: foreign, atomically: true, encoding: .utf8)
        let reason = "\"no merges here\" is no merge of two earlier symbols"
        #expect(throws: ArchiveError.unreadable(foreign.path, reason: reason)) {
            try CLIPTokenizer(mergesPath: foreign.path)
        }
    }

    @Test func startsQuickly() throws {
        let start = ContinuousClock.now
        _ = try CLIPTokenizer(mergesPath: mergesPath)
        #expect(ContinuousClock.now - start < .seconds(1))
    }
}
