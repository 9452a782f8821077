import Archive
import Autodiff
import Foundation
import Inputs
import Tensors
import TestSupport
import Testing

@testable import Towers

@Suite struct LanguageModelEmbedderTests {
    private static let fixtures =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures").path
    private let small = fixtures + "/decoders/gemma3.gguf"

    private struct Sentences: Decodable {
        let texts: [String]
        let ids: [[Int32]]
    }

    private struct TokenIDs: Decodable {
        let ids: [[Int32]]
    }

    private struct Texts: Decodable {
        let texts: [String]
    }

    private func read<Content: Decodable>(_ type: Content.Type, _ name: String) throws -> Content {
        try JSONDecoder().decode(type, from: Data(contentsOf: URL(fileURLWithPath: Self.fixtures + "/" + name)))
    }

    private func cosines(_ found: Tensor, _ wanted: Tensor) -> [Float] {
        (0..<found.shape[0]).map { row in
            let (a, b) = (found.rows(row..<row + 1).values, wanted.rows(row..<row + 1).values)
            func length(_ vector: [Float]) -> Float { vector.map { $0 * $0 }.reduce(0, +).squareRoot() }
            return zip(a, b).map(*).reduce(0, +) / (length(a) * length(b))
        }
    }

    private func settings(_ change: (inout EmbedderSettings) -> Void) -> EmbedderSettings {
        var settings = EmbedderSettings()
        (settings.maximumLength, settings.precision) = (32, .float32)
        change(&settings)
        return settings
    }

    @Test func aSmallRandomGemmaAgreesWithSentencePieceAndTransformers() throws {
        let sentences = try read(Sentences.self, "decoders/gemma3.json")
        let tokenizer = try TextTokenizer(try GGUFFile(small), maximumLength: 100_000)
        for (text, ids) in zip(sentences.texts, sentences.ids) {
            #expect(tokenizer.encode(text).ids == ids, "\(text)")
        }
        let embedder = try LanguageModelEmbedder(name: "small", gguf: small, settings: settings { _ in })
        let found = try embedder.embed(Array(sentences.texts.prefix(60)))
        let wanted = try Fixture("decoders").tensor("gemma3/embeddings")
        #expect(found.shape == [60, 32])
        #expect(zip(found.values, wanted.values).allSatisfy { abs($0 - $1) < 1e-5 })
    }

    /// As Llama 3 and Qwen divide texts; the embedding works with such a vocabulary too.
    @Test(arguments: ["llama", "qwen3"]) func byteLevelVocabulariesAgreeWithTokenizers(name: String) throws {
        let sentences = try read(Sentences.self, "decoders/\(name).json")
        let path = Self.fixtures + "/decoders/\(name).gguf"
        let tokenizer = try TextTokenizer(try GGUFFile(path), maximumLength: 100_000)
        for (text, ids) in zip(sentences.texts, sentences.ids) {
            #expect(tokenizer.encode(text).ids == ids, "\(text)")
        }
        let short = try TextTokenizer(try GGUFFile(path), maximumLength: 4).encode("one two three four five")
        #expect(short.isCut && short.ids.count == 4)
        let embedder = try LanguageModelEmbedder(name: name, gguf: path, settings: settings { $0.pooling = .last })
        #expect(try embedder.embed(["", "a red apple"]).isFinite)
    }

    /// Gemma 3 270M, quantised, against transformers with the same weights dequantised.
    @Test(.enabled(if: WeightFolders.find("models/gemma3-270m") != nil, "needs proclip fetch gemma3-270m"))
    func gemmaAgreesWithTransformers() throws {
        let folder = try #require(WeightFolders.find("models/gemma3-270m"))
        let texts = try read(Texts.self, "sentences.json").texts
        let file = folder + "/gemma-3-270m-q4_k_m.gguf"
        let tokenizer = try TextTokenizer(try GGUFFile(file), maximumLength: 100_000)
        for (text, ids) in zip(texts, try read(TokenIDs.self, "gemma3-270m.json").ids) {
            #expect(tokenizer.encode(text).ids == ids, "\(text)")
        }
        let wanted = try SafetensorsFile(Self.fixtures + "/gemma3-270m.safetensors").tensor("embeddings")
        for precision in ProductPrecision.allCases {
            var settings = EmbedderSettings()
            settings.precision = precision
            let embedder = try Embedders.load(name: "gemma3-270m", path: folder, settings: settings)
            let found = try embedder.embed(Array(texts.prefix(100)))
            let ordered = cosines(found, wanted.converted(to: .float32)).sorted()
            print("gemma3-270m in \(precision.rawValue): worst cosine \(ordered[0]), median \(ordered[50])")
            // A bfloat16 number has eight digits: a single text strays further than the others, by the order of sums.
            #expect(ordered[0] >= (precision == .bfloat16 ? 0.9998 : 0.9999), "\(precision): \(ordered[0])")
            #expect(ordered[50] >= 0.9999, "\(precision): \(ordered[50])")
        }
    }

    @Test func theBatchDoesNotMatter() throws {
        let embedder = try LanguageModelEmbedder(name: "small", gguf: small, settings: settings { _ in })
        let texts = ["apple", "", "the red house, 犬 and дом: a photo of the apple"]
        let together = try embedder.embed(texts)
        for (row, text) in texts.enumerated() {
            let alone = try embedder.embed([text])
            #expect(zip(alone.values, together.rows(row..<row + 1).values).allSatisfy { abs($0 - $1) < 1e-6 })
        }
        #expect(try embedder.embed([]).shape == [0, 32])
    }

    @Test func poolingTakesWhatItsNameSays() {
        let states = Tensor([1, 2, 10, 20, 100, 200, 7, 7, 7, 7, 7, 7], shape: [6, 2])
        func pooled(_ pooling: EmbedderSettings.Pooling, skipped: Int = 0) -> [Float] {
            let texts = TokenStates(padded: Variable(states), tokens: 3, lengths: [3, 1])
            return pooling(texts, skipped: skipped).value.values.prefix(2).map {
                ($0 * 100).rounded() / 100
            }
        }
        #expect(pooled(.mean) == [37, 74])
        #expect(pooled(.mean, skipped: 1) == [55, 110])
        #expect(pooled(.mean, skipped: 9) == [100, 200])
        #expect(pooled(.last) == [100, 200])
        #expect(pooled(.first) == [1, 2])
        #expect(pooled(.first, skipped: 1) == [10, 20])
        #expect(pooled(.weightedMean) == [53.5, 107])
        #expect(pooled(.weightedMean, skipped: 1) == [64, 128])
        #expect(pooled(.max) == [100, 200])
        #expect(pooled(.meanRootLength) == [64.09, 128.17])
    }

    @Test func settingsChangeTheVectorsAndTheKeyOfTheCache() throws {
        let texts = ["a red apple"]
        let plain = try LanguageModelEmbedder(name: "small", gguf: small, settings: settings { _ in })
        for change in [
            { $0.pooling = .last }, { $0.attention = .bidirectional }, { $0.prompt = "query: " },
            { ($0.prompt, $0.includesPrompt) = ("query: ", false) }, { $0.maximumLength = 2 },
            { $0.precision = .int16 },
        ] as [(inout EmbedderSettings) -> Void] {
            let other = try LanguageModelEmbedder(name: "small", gguf: small, settings: settings(change))
            #expect(other.preprocessing != plain.preprocessing)
            #expect(try other.embed(texts).values != plain.embed(texts).values)
        }
    }

    @Test func filesThatDoNotFitAreNamed() throws {
        func sentence(_ path: String, _ settings: EmbedderSettings = EmbedderSettings()) -> String {
            let error = #expect(throws: ArchiveError.self) {
                _ = try LanguageModelEmbedder(name: "x", gguf: path, settings: settings)
            }
            return error?.description ?? ""
        }
        #expect(
            sentence(small, settings { $0.maximumLength = 512 }).contains("it takes 2 to 64 tokens, 512 are asked for"))
        #expect(
            sentence(Self.fixtures + "/decoders/qwen2.gguf", settings { _ in }).contains(
                "its vocabulary is of the kind none"))
        #expect(sentence(small + "x").contains("there is no file"))
        #expect(sentence(Self.fixtures + "/sentences.json").contains("is not a GGUF file"))
    }
}
