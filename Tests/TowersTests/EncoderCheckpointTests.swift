import Archive
import Foundation
import Inputs
import Tensors
import TestSupport
import Testing

@testable import Towers

/// Folders of transformers against transformers: `Fixtures/generate_encoders.py`.
@Suite struct EncoderCheckpointTests {
    private static let folder =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures/encoders").path

    private static let models = [
        "llama3", "llama-linear", "llama-yarn", "mistral", "qwen2", "qwen2-bidirectional", "qwen2-vl", "qwen3", "gemma",
        "gemma2", "gemma3", "gemma3-bidirectional", "bert", "roberta", "xlm-roberta", "mpnet", "distilbert", "nvembed",
    ]

    /// Padding, texts beyond the sliding window and beyond the positions before stretching, prefixes, heads, shards, pickles,
    /// bfloat16.
    @Test(arguments: models) func lastStatesAgreeWithTransformers(name: String) throws {
        let checkpoint = try EncoderCheckpoint(folder: "\(Self.folder)/\(name)")
        let encoder = try checkpoint.encoder(products: .float32).encoder
        let expected = try Fixture("encoders").group(name)
        let ids = try #require(expected["ids"]), lengths = try #require(expected["lengths"]).values.map { Int($0) }
        let (T, D) = (ids.shape[1], encoder.width)
        let rows = lengths.enumerated().map { row, length in ids.values[row * T..<row * T + length].map { Int32($0) } }
        let found = encoder(TokenBatch(rows: rows, padding: 0), tape: nil)
        let wanted = try #require(expected["states"])
        for (row, length) in lengths.enumerated() {
            expectClose(
                found.values.value.rows(found.rows[row]),
                wanted.rows(row..<row + 1).reshaped([T, D]).rows(0..<length), "\(name), text \(row)",
                Tolerance(relative: 1e-4))
        }
    }

    @Test func namesAreKnownBehindEveryPrefix() {
        let names = Decoder.huggingFace(.qwen2VL)
        for prefix in [
            "", "model.", "model.language_model.", "language_model.model.", "embedding_model.",
            "base_model.model.model.",
        ] {
            #expect(
                names.paths(of: prefix + "layers.12.self_attn.q_proj.bias") == ["blocks/12/attention/query/bias"],
                "\(prefix)")
        }
        for name in ["lm_head.weight", "model.visual.blocks.0.norm1.weight", "layers.0.self_attn.rotary_emb.inv_freq"] {
            #expect(names.paths(of: name) == [])
        }
        #expect(names.paths(of: "model.layers.0.self_attn.x_proj.weight") == nil)
    }

    /// The decoders themselves set no limit.
    @Test(arguments: ["llama-yarn", "gemma2", "gemma3", "nvembed"])
    func statesOf4096TokensAreFinite(name: String) throws {
        let encoder = try EncoderCheckpoint(folder: "\(Self.folder)/\(name)").encoder(products: .float32).encoder
        let rows = [(0..<4096).map { Int32(4 + $0 * 7 % 36) }]
        #expect(encoder(TokenBatch(rows: rows, padding: 0), tape: nil).values.value.isFinite)
    }

    @Test func whatIsNotComputedIsNamed() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("encoder-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        func sentence(_ name: String, _ old: String, _ new: String) throws -> String {
            try? FileManager.default.removeItem(atPath: folder)
            try FileManager.default.copyItem(atPath: "\(Self.folder)/\(name)", toPath: folder)
            let file = folder + "/config.json"
            let text = try String(contentsOfFile: file, encoding: .utf8)
            #expect(text.contains(old))
            try text.replacingOccurrences(of: old, with: new).write(toFile: file, atomically: false, encoding: .utf8)
            let error = #expect(throws: ArchiveError.self) {
                _ = try EncoderCheckpoint(folder: folder).encoder(products: .float32).encoder
            }
            return error?.description ?? ""
        }
        let cases = [
            ("llama3", "\"llama\"", "\"mamba\"", "it describes a mamba; bert,"),
            ("llama3", "\"llama3\"", "\"longrope\"", "stretched by longrope, which is not computed"),
            ("llama3", "\"factor\": 4.0", "\"factor\": 0", "a rotary factor of 0"),
            ("llama3", "\"factor\": 4.0", "\"factor\": \"four\"", "its factor is no number"),
            ("llama3", "_layers\": 2", "_layers\": 9000000", "it describes 9000000 layers"),
            ("llama3", "_layers\": 2", "_layers\": 3", "tensor blocks/2/norm1/weight is missing"),
            ("llama3", "_layers\": 2", "_layers\": 1", "no layer asks for: blocks/1/"),
            ("llama3", "hidden_size\": 16", "hidden_size\": -16", "4 heads for a width of -16"),
            ("llama3", "hidden_size\": 16", "hidden_size\": 1e30", "its hidden_size is no whole number"),
            ("llama3", "_value_heads\": 2", "_value_heads\": 3", "4 heads for 3 heads of keys"),
            ("llama3", "\"silu\"", "\"xielu\"", "its activation is xielu"),
            ("gemma3", "\"full_attention\",", "\"linear_attention\",", "its layer_types are not"),
            ("bert", "\"vocab_size\": 40", "\"vocab_size\": 41", "embeddings/words/weight has shape"),
            ("bert", "heads\": 4", "heads\": 5", "5 heads for a width of 16"),
            ("xlm-roberta", "pad_token_id\": 1", "pad_token_id\": 99", "it pads with 99 and has 40 positions"),
        ]
        for (name, old, new, wanted) in cases {
            let found = try sentence(name, old, new)
            #expect(found.contains(wanted), "\(old) as \(new): \(found)")
        }
    }
}
