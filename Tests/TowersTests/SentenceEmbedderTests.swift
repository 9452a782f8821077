import Archive
import Foundation
import Inputs
import Tensors
import Testing

@testable import Towers

@Suite struct SentenceEmbedderTests {
    private static let fixtures =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures").path
    private let small = fixtures + "/small-bert"

    private struct Sentences: Decodable {
        let texts: [String]
        let ids: [[Int32]]
    }

    private struct TokenIDs: Decodable {
        let ids: [[Int32]]
    }

    private func read<Content: Decodable>(_ type: Content.Type, _ name: String) throws -> Content {
        try JSONDecoder().decode(type, from: Data(contentsOf: URL(fileURLWithPath: Self.fixtures + "/" + name)))
    }

    private func expected(_ name: String) throws -> Tensor {
        try SafetensorsFile(Self.fixtures + "/" + name).tensor("embeddings").converted(to: .float32)
    }

    @Test func aSmallRandomBERTAgreesWithTransformers() throws {
        let texts = try read(Sentences.self, "sentences.json").texts
        let tokenizer = try TextTokenizer(vocabulary: small + "/vocab.txt", maximumLength: 20)
        for (text, ids) in try zip(texts, read(TokenIDs.self, "small-bert.json").ids) {
            #expect(tokenizer.encode(text).ids == ids, "\(text)")
        }
        let found = try LanguageModelEmbedder(name: "small", folder: small).embed(texts)
        let wanted = try expected("small-bert.safetensors")
        #expect(found.shape == [200, 32])
        #expect(zip(found.values, wanted.values).allSatisfy { abs($0 - $1) < 2e-6 })
    }

    /// The published all-MiniLM-L6-v2 against sentence-transformers: 200 texts in many scripts.
    @Test func minilmAgreesWithSentenceTransformers() throws {
        let folder = try #require(WeightFolders.find("models/minilm"), "run make fetch-minilm")
        let sentences = try read(Sentences.self, "sentences.json")
        let tokenizer = try TextTokenizer(vocabulary: folder + "/vocab.txt", maximumLength: 256)
        for (text, ids) in zip(sentences.texts, sentences.ids) {
            #expect(tokenizer.encode(text).ids == ids, "\(text)")
        }
        let found = try LanguageModelEmbedder(name: "minilm", folder: folder).embed(sentences.texts)
        let wanted = try expected("sentences.safetensors")
        #expect(found.shape == wanted.shape)
        for row in 0..<200 {
            let (a, b) = (found.rows(row..<row + 1).values, wanted.rows(row..<row + 1).values)
            let cosine = zip(a, b).map(*).reduce(0, +) / (length(a) * length(b))
            #expect(cosine >= 0.9999, "\(sentences.texts[row])")
        }
    }

    private func length(_ vector: [Float]) -> Float { vector.map { $0 * $0 }.reduce(0, +).squareRoot() }

    @Test func theBatchDoesNotMatter() throws {
        let embedder = try LanguageModelEmbedder(name: "small", folder: small)
        let texts = ["apple", "", "the red house, 犬 and дом: a photo of the apple"]
        let together = try embedder.embed(texts)
        for (row, text) in texts.enumerated() {
            let alone = try embedder.embed([text]).values
            #expect(zip(alone, together.rows(row..<row + 1).values).allSatisfy { abs($0 - $1) < 1e-6 })
        }
        #expect(try embedder.embed([]).shape == [0, 32])
    }

    @Test func longTextsAreCutAndCounted() throws {
        let tokenizer = try TextTokenizer(vocabulary: small + "/vocab.txt", maximumLength: 6)
        let batch = tokenizer.encode(["red", "red red red red", "red red red red red"])
        #expect(batch.lengths == [3, 6, 6] && batch.cutCount == 1)
    }

    @Test func whatDoesNotFitIsNamed() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bert-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        func sentence(_ file: String, replacing old: String, with new: String) throws -> String {
            try? FileManager.default.removeItem(atPath: folder)
            try FileManager.default.copyItem(atPath: small, toPath: folder)
            let text = try String(contentsOfFile: folder + "/" + file, encoding: .utf8)
            try text.replacingOccurrences(of: old, with: new).write(
                toFile: folder + "/" + file, atomically: false, encoding: .utf8)
            let error = #expect(throws: ArchiveError.self) {
                _ = try LanguageModelEmbedder(name: "small", folder: folder)
            }
            return error?.description ?? ""
        }
        #expect(try sentence("config.json", replacing: "\"bert\"", with: "\"t5\"").contains("it describes a t5; bert,"))
        #expect(
            try sentence("config.json", replacing: "\"hidden_size\":32", with: "\"hidden_size\":28").contains(
                "has shape"))
        #expect(
            try sentence("config.json", replacing: "_layers\":2", with: "_layers\":3").contains("blocks/2/"))
        #expect(
            try sentence("config.json", replacing: "_layers\":2", with: "_layers\":1").contains("no layer asks for"))
        #expect(try sentence("config.json", replacing: "_heads\":4", with: "_heads\":5").contains("heads"))
        #expect(try sentence("config.json", replacing: "{", with: "[").contains("is not the config.json"))
        #expect(try sentence("vocab.txt", replacing: "apple\n", with: "").contains("it holds 124 pieces"))
        #expect(try sentence("vocab.txt", replacing: "[SEP]\n", with: "").contains("lacks the piece [SEP]"))
        #expect(
            try sentence("1_Pooling/config.json", replacing: "cls_token\":false", with: "cls_token\":true")
                .contains("its pooling is cls and mean; one of mean, mean_sqrt_len_tokens,"))
        let missing = #expect(throws: ArchiveError.self) {
            _ = try LanguageModelEmbedder(name: "x", folder: folder + "x")
        }
        #expect(missing?.description.contains("there is no file \(folder)x/config.json") == true)
    }
}
