import Archive
import Foundation
import Tensors
import TestSupport
import Testing

@testable import Towers

/// Folders of sentence-transformers against sentence-transformers: `Fixtures/generate_sentence_modules.py`.
@Suite struct SentenceModulesTests {
    private static let fixtures =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures").path

    private struct Sentences: Decodable {
        let texts: [String]
    }

    private func texts() throws -> [String] {
        let data = try Data(contentsOf: URL(fileURLWithPath: Self.fixtures + "/sentences.json"))
        return Array(try JSONDecoder().decode(Sentences.self, from: data).texts.prefix(40))
    }

    private func embedder(_ name: String, _ change: (inout EmbedderSettings) -> Void = { _ in }) throws
        -> LanguageModelEmbedder
    {
        var settings = EmbedderSettings()
        change(&settings)
        return try LanguageModelEmbedder(name: name, folder: "\(Self.fixtures)/modules/\(name)", settings: settings)
    }

    /// Poolings with and without the prompt's tokens, dense layers, normalisation, prompts by name.
    @Test(arguments: [
        "mean", "cls", "max", "lasttoken", "weightedmean", "mean_sqrt_len_tokens", "dense", "qwen3", "e5",
    ])
    func vectorsAgreeWithSentenceTransformers(name: String) throws {
        let (texts, expected) = (try texts(), try Fixture("modules"))
        expectClose(
            try embedder(name).embed(texts), try expected.tensor(name), name, Tolerance(relative: 1e-4))
        expectClose(
            try embedder(name) { $0.promptName = "query" }.embed(texts), try expected.tensor(name + "/query"),
            "\(name) with a prompt", Tolerance(relative: 1e-4))
    }

    @Test func theFirstComponentsAloneAreAVectorToo() throws {
        let short = try embedder("mean") { $0.dimensions = 5 }
        #expect(short.dimension == 5)
        expectClose(
            try short.embed(texts()), try Fixture("modules").tensor("mean/first"), "5 values", Tolerance(relative: 1e-4)
        )
        #expect(try short.preprocessing != embedder("mean").preprocessing)
    }

    @Test func theFirstTokenCanBeLeftOut() throws {
        let plain = try embedder("mean").embed(["apple"]), shorter = try embedder("mean") { $0.skipsFirst = true }
        #expect(try shorter.embed(["apple"]).values != plain.values)
        #expect(shorter.preprocessing.pooling == "mean (without the first 1 tokens)")
    }

    @Test func whatIsNotComputedIsNamed() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("st-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        func sentence(
            _ file: String, _ old: String, _ new: String, _ change: (inout EmbedderSettings) -> Void = { _ in }
        ) throws -> String {
            try? FileManager.default.removeItem(atPath: folder)
            try FileManager.default.copyItem(atPath: Self.fixtures + "/modules/dense", toPath: folder)
            let text = try String(contentsOfFile: folder + "/" + file, encoding: .utf8)
            #expect(text.contains(old))
            try text.replacingOccurrences(of: old, with: new).write(
                toFile: folder + "/" + file, atomically: false, encoding: .utf8)
            var settings = EmbedderSettings()
            change(&settings)
            let error = #expect(throws: ArchiveError.self) {
                _ = try LanguageModelEmbedder(name: "x", folder: folder, settings: settings)
            }
            return error?.description ?? ""
        }
        #expect(
            try sentence("modules.json", "normalize.Normalize", "x.WordWeights").contains(
                "is a sentence_transformers.base.modules.x.WordWeights"))
        #expect(try sentence("modules.json", "2_Dense", "../dense").contains("out of its own folder"))
        #expect(
            try sentence("2_Dense/config.json", "activation.GELU", "activation.Hardtanh").contains("Hardtanh, which"))
        #expect(try sentence("3_Dense/config.json", "\"in_features\": 48", "\"in_features\": 40").contains("has shape"))
        #expect(
            try sentence("2_Dense/config.json", "sentence_embedding", "token_embeddings").contains("only the vector"))
        #expect(try sentence("1_Pooling/config.json", "\"mean\"", "\"sum\"").contains("its pooling is sum; one of"))
        #expect(try sentence("config_sentence_transformers.json", "\"\"", "7").contains("its document is no text"))
        #expect(
            try sentence("config.json", "{", "{") { $0.promptName = "questions" }.contains(
                "no prompt called \"questions\"; there is document, query"))
        #expect(
            try sentence("config.json", "{", "{") { $0.dimensions = 25 }.contains(
                "its vectors have 24 values, the first 25 are asked for"))
        #expect(
            try sentence("config.json", "\"num_hidden_layers\": 1", "\"num_hidden_layers\": 99999999").contains(
                "blocks/1/") == false)
    }
}
