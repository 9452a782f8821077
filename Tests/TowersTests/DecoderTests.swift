import Archive
import Foundation
import Inputs
import Layers
import Tensors
import TestSupport
import Testing

@testable import Towers

/// Language models against transformers: `Fixtures/generate_decoders.py`.
@Suite struct DecoderTests {
    private static let fixtures =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures").path

    /// Padding, texts beyond the window, both kinds of attention, quantised matrices.
    @Test(arguments: ["gemma3", "gemma3-bidirectional", "gemma2", "llama", "mistral", "qwen2", "qwen3"])
    func lastStatesAgreeWithTransformers(name: String) throws {
        let file = try GGUFFile("\(Self.fixtures)/decoders/\(name).gguf")
        var configuration = try DecoderConfiguration(file)
        configuration.isCausal = !name.hasSuffix("bidirectional")
        let source = ParameterSource(tensors: Decoder.gguf.tensors(file.tensors), .frozen)
        let decoder = try Decoder(configuration, scope: source.root)
        _ = try source.finish()
        let expected = try Fixture("decoders").group(name)
        let ids = try #require(expected["ids"]), lengths = try #require(expected["lengths"]).values.map { Int($0) }
        let T = ids.shape[1]
        let rows = lengths.enumerated().map { row, length in ids.values[row * T..<row * T + length].map { Int32($0) } }
        let batch = TokenBatch(rows: rows, padding: 0)
        let found = decoder(batch)
        let wanted = try #require(expected["states"])
        for (row, length) in lengths.enumerated() {
            expectClose(
                found.values.value.rows(found.rows[row]),
                wanted.rows(row..<row + 1).reshaped([T, 32]).rows(0..<length), "\(name), text \(row)",
                Tolerance(relative: 1e-4))
        }
    }

    @Test func whatIsMissingOrTooMuchIsNamed() throws {
        let file = try GGUFFile("\(Self.fixtures)/decoders/qwen3.gguf")
        func error(_ change: (inout [String: Tensor], inout DecoderConfiguration) -> Void) throws -> String {
            var (tensors, configuration) = (Decoder.gguf.tensors(file.tensors), try DecoderConfiguration(file))
            change(&tensors, &configuration)
            let error = #expect(throws: ArchiveError.self) {
                let source = ParameterSource(tensors: tensors, .frozen)
                _ = try Decoder(configuration, scope: source.root)
                _ = try source.finish()
            }
            return error?.description ?? ""
        }
        #expect(try error { tensors, _ in tensors["norm/weight"] = nil }.contains("tensor norm/weight is missing"))
        #expect(try error { tensors, _ in tensors["blk.0.mystery"] = tensors["norm/weight"] }.contains("blk.0.mystery"))
        #expect(try error { _, configuration in configuration.keyHeads = 4 }.contains("attention/key/weight has shape"))
        #expect(try error { _, configuration in configuration.layers = 1 }.contains("no layer asks for"))
        #expect(try error { _, configuration in configuration.hasHeadNorms = false }.contains("no layer asks for"))
    }

    /// Stretched positions by the formulas of transformers' `modeling_rope_utils`, for a base of 10,000 and heads of 8.
    @Test func publishedStretchesOfPositions() {
        func sines(_ stretch: RotaryConfiguration.Stretch) -> [Float] {
            RotaryConfiguration(base: 10_000, stretch: stretch).angles(tokens: 2, width: 8).sines.values.suffix(4).map {
                $0
            }
        }
        func near(_ found: [Float], _ wanted: [Float]) -> Bool {
            zip(found, wanted).allSatisfy { abs($0 - $1) < 1e-6 }
        }
        let plain: [Float] = [1, 0.1, 0.01, 0.001].map { sin($0) }
        #expect(near(sines(.none), plain))
        #expect(near(sines(.linear(4)), [0.25, 0.025, 0.0025, 0.00025].map { sin($0) }))
        #expect(near(sines(.divisors([1, 2, 4, 8])), [1, 0.05, 0.0025, 0.000125].map { sin($0) }))
    }
}
