import Archive
import Foundation
import Testing

@testable import Inputs

/// What is wrong with a tokenizer's files is named; nothing is trapped, hangs, or takes memory without bounds.
@Suite struct HostileTokenizerTests {
    private func folder(_ name: String, _ content: Data) throws -> String {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tokenizer-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try content.write(to: URL(filePath: folder + "/" + name))
        return folder
    }

    private func tokenizer(_ json: String) throws -> TextTokenizer {
        let folder = try folder("tokenizer.json", Data(json.utf8))
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try TokenizerFolder(folder).tokenizer(maximumLength: 100)
    }

    private func sentence(_ json: String) -> String {
        let error = #expect(throws: ArchiveError.self, "\(json.prefix(80))") { _ = try tokenizer(json) }
        return error?.description ?? ""
    }

    private func bpe(_ vocabulary: String, _ merges: String, _ more: String = "") -> String {
        "{\(more)\"model\": {\"type\": \"BPE\", \"vocab\": {\(vocabulary)}, \"merges\": [\(merges)]}}"
    }

    @Test func whatIsNoJSONIsNoTokenizer() {
        let deep = String(repeating: "[", count: 100_000)
        for text in [
            "", "{", "[1,", "{\"a\": 01}", "{\"a\": \"\\ud800\"}", "nul", "{} {}", "{\"a\" 1}", deep, "{\"a\": 1,}",
        ] {
            #expect(sentence(text).contains("is not a tokenizer.json"), "\(text.prefix(20))")
        }
    }

    @Test func unknownElementsAreNamed() {
        let model = bpe("\"a\": 0", "")
        #expect(sentence("{}").contains("it has no model"))
        for (part, type) in [("normalizer", "Fancy"), ("pre_tokenizer", "UnicodeScripts"), ("post_processor", "Odd")] {
            let found = sentence(
                model.replacing("{\"model\"", with: "{\"\(part)\": {\"type\": \"\(type)\"}, \"model\""))
            #expect(found.contains("its \(part) is of the type \(type), which is not known here"))
        }
        #expect(sentence("{\"model\": {\"type\": \"Odd\"}}").contains("of the type Odd"))
        #expect(
            sentence("{\"model\": {\"type\": \"WordLevel\", \"vocab\": {\"a\": 0}}}").contains("no sound unk_token"))
        let pattern = "\"pre_tokenizer\": {\"type\": \"Split\", \"pattern\": {\"Regex\": \"(\"}, "
        #expect(
            sentence(bpe("\"a\": 0", "", pattern + "\"behavior\": \"Isolated\", \"invert\": false}, "))
                .contains("the pattern ( of its Split is not understood"))
    }

    @Test func vocabulariesThatDoNotFitAreNamed() {
        #expect(sentence(bpe("\"a\": 0, \"b\": 0", "")).contains("same id"))
        #expect(sentence(bpe("\"a\": 4000000000", "")).contains("no sound id"))
        #expect(sentence(bpe("\"a\": 16000000", "")).contains("ids are left out"))
        #expect(sentence(bpe("\"a\": -1", "")).contains("no sound id"))
        #expect(sentence(bpe("\"a\": 0, \"b\": 1", "\"a b\"")).contains("\"a b\" is no merge of two pieces"))
        #expect(sentence(bpe("\"a\": 0", "\"a\"")).contains("no merge"))
        #expect(
            sentence("{\"model\": {\"type\": \"Unigram\", \"vocab\": [[\"a\", -1]], \"unk_id\": 7}}").contains("unk_id")
        )
        let token = "\"added_tokens\": [{\"id\": 5, \"content\": \"a\"}], "
        #expect(
            sentence(bpe("\"a\": 0", "", token)).contains("a has the id 5 as an added token and 0 in the vocabulary"))
    }

    /// Merges whose product is one of their own parts come to an end: every merge takes a symbol away.
    @Test func cyclicMergesEnd() throws {
        let tokenizer = try tokenizer(bpe("\"a\": 0, \"aa\": 1, \"aaa\": 2", "\"a a\", \"aa a\", \"a aa\", \"a a\""))
        #expect(!tokenizer.encode(String(repeating: "a", count: 10_000)).ids.isEmpty)
    }

    /// A word of 100 kB takes about ten times as long as one of 10 kB.
    @Test func longWordsAreNotQuadratic() throws {
        for name in ["gemma", "llama3", "xlm-roberta", "sp-bpe"] {
            let tokenizer = try TokenizerFolder(MixedLines.folder + "/" + name).tokenizer(maximumLength: 1_000_000)
            let start = ContinuousClock.now
            #expect(tokenizer.encode(String(repeating: "abcdefghij", count: 100_000)).ids.count > 1000)
            #expect(ContinuousClock.now - start < .seconds(10), "\(name)")
        }
    }

    @Test func damagedSentencePieceModelsAreRefused() throws {
        let whole = try Data(contentsOf: URL(filePath: MixedLines.folder + "/sp-unigram/spiece.model"))
        for length in stride(from: 0, to: whole.count, by: 97) {
            let folder = try folder("spiece.model", whole.prefix(length))
            defer { try? FileManager.default.removeItem(atPath: folder) }
            // A model that happens to end between two pieces is one.
            _ = try? TokenizerFolder(folder).tokenizer(maximumLength: 10).encode("a text")
        }
        var random = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            var bytes = whole
            for _ in 0..<4 { bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255) }
            let folder = try folder("spiece.model", bytes)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            _ = try? TokenizerFolder(folder).tokenizer(maximumLength: 10).encode("a text of ﬁne ① words")
        }
        let folder = try folder("spiece.model", Data([0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]))
        #expect(throws: ArchiveError.self) { try TokenizerFolder(folder).tokenizer(maximumLength: 10) }
    }

    @Test func longTextsKeepTheirMarksAndAreCounted() throws {
        let cut = try TokenizerFolder(MixedLines.folder + "/llama2").tokenizer(maximumLength: 4)
        let batch = cut.encode(["a red apple on a table", "", "a"])
        #expect(batch.cutCount == 1)
        #expect(batch[0].first == 1 && batch[0].last == 2 && batch[0].count == 4)
        let filled = try TokenizerFolder(MixedLines.folder + "/siglip").tokenizer(maximumLength: 64, fillsLength: true)
        let rows = filled.encode(["a", String(repeating: "word ", count: 200)])
        #expect(rows.lengths == [64, 64] && rows.cutCount == 1)
        #expect(rows[1].last == 2 && rows[0].last == filled.padding)
    }
}
