import Archive
import Foundation
import Inputs
import Tensors
import TestSupport
import Testing

@testable import Towers

/// LoRA adapters of PEFT, merged, against PEFT's merge: `Fixtures/generate_adapters.py`.
@Suite struct LowRankAdapterTests {
    private static let fixtures =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures").path
    private let base = fixtures + "/encoders/llama3"

    private func checkpoint(_ adapters: [String]) throws -> EncoderCheckpoint {
        try EncoderCheckpoint(folder: base).merging(adapters.map { "\(Self.fixtures)/adapters/\($0)" })
    }

    /// A prefix more or less, rank-stabilised scales, scales and ranks of their own, replaced norms, tables of vectors.
    @Test(arguments: [["first"], ["second"], ["table"], ["first", "second"]])
    func mergedStatesAgreeWithPEFT(adapters: [String]) throws {
        let encoder = try checkpoint(adapters).encoder(products: .float32).encoder
        let found = encoder(TokenBatch(rows: [Array(4..<24)], padding: 0), tape: nil).values.value
        let name = adapters.count == 1 ? adapters[0] : "both"
        expectClose(
            found, try Fixture("adapters").tensor(name), name, Tolerance(relative: 1e-4))
    }

    @Test func onlyTouchedMatricesBecomeDense() throws {
        let (plain, merged) = (try checkpoint([]), try checkpoint(["first"]))
        let changed = Set(plain.tensors.keys.filter { merged.tensors[$0]?.values != plain.tensors[$0]?.values })
        let wanted = (0..<2).flatMap { block in
            ["attention/query", "attention/value", "mlp/down"].map { "blocks/\(block)/\($0)/weight" }
        }
        #expect(changed == Set(wanted))
        let untouched = try #require(merged.tensors["blocks/0/attention/key/weight"])
        #expect(untouched.storage.isMapped)
        #expect(merged.files.count == 3)
    }

    @Test func whatDoesNotFitIsNamed() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lora-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        func sentence(_ old: String, _ new: String, on base: String = "llama3") throws -> String {
            try? FileManager.default.removeItem(atPath: folder)
            try FileManager.default.copyItem(atPath: Self.fixtures + "/adapters/second", toPath: folder)
            let file = folder + "/adapter_config.json"
            let text = try String(contentsOfFile: file, encoding: .utf8)
            #expect(text.contains(old))
            try text.replacingOccurrences(of: old, with: new).write(toFile: file, atomically: false, encoding: .utf8)
            let error = #expect(throws: ArchiveError.self) {
                _ = try EncoderCheckpoint(folder: "\(Self.fixtures)/encoders/\(base)").merging([folder])
            }
            return error?.description ?? ""
        }
        #expect(try sentence("\"use_dora\": false", "\"use_dora\": true").contains("use_dora is on"))
        #expect(try sentence("\"LORA\"", "\"IA3\"").contains("an adapter of another kind than LoRA"))
        #expect(try sentence("\"o_proj\": 9", "\"o_.*\": 9").contains("a regular expression"))
        #expect(try sentence("{", "{", on: "qwen2").contains("weight has shape"))
        #expect(try sentence("{", "{", on: "bert").contains("belongs to no part of the model"))
        let gguf = try EncoderCheckpoint(gguf: GGUFFile(Self.fixtures + "/decoders/llama.gguf"))
        let error = #expect(throws: ArchiveError.self) { _ = try gguf.merging([folder]) }
        #expect(error?.description.contains("ordered as GGUF has them") == true)
    }
}
