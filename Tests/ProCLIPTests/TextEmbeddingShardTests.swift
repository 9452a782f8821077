import Archive
import Foundation
import Tensors
import Testing

@testable import ProCLIP

/// LLM2CLIP's embeddings beside webdataset shards.
@Suite struct TextEmbeddingShardTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sv-\(UUID().uuidString)").path

    private func tar(_ name: String, _ members: [(String, [UInt8])]) throws -> String {
        try TarArchive.write("\(folder)/\(name)", names: members.map(\.0)) { members[$0].1 }
        return "\(folder)/\(name)"
    }

    private func raw(_ values: [Float]) -> [UInt8] {
        values.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian, Array.init) }
    }

    @Test func captionsOfAShardAreFound() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let shard = try CaptionShard(
            tar(
                "00000.tar",
                [
                    ("000.jpg", [1]),
                    ("000.json", Array(#"{"shortSV_captions": "a cat", "longSV_captions": ["a long cat"]}"#.utf8)),
                    ("001.jpg", [1]), ("001.txt", Array("a dog".utf8)),
                    ("002.json", Array(#"{"caption": "a cow"}"#.utf8)),
                ]))
        #expect(shard.texts == ["a cat", "a long cat", "a dog", "a dog", "a cow", "a cow"])
        #expect(shard.names[1] == "000.longSV_captions" && shard.names[2] == "001.shortSV_captions")
        let bare = try tar("bare.tar", [("000.jpg", [1])])
        let error = #expect(throws: ArchiveError.self) { _ = try CaptionShard(bare) }
        #expect(error?.description.contains("its sample 000 has no caption") == true)
    }

    /// Members are raw float32 values in the order of the samples, as numpy.frombuffer reads them.
    @Test func embeddingsGoOutAndIn() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let labels = ["000.shortSV_captions", "000.longSV_captions"]
        let vectors = Tensor([1, -2.5, 3e-8, 4, 5, 6], shape: [2, 3])
        let embeddings = LabelledEmbeddings(
            vectors: vectors, labels: labels, role: .texts, model: "x", description: [:])
        let path = folder + "/00000_text_embeddings.tar"
        try embeddings.write(to: path, as: .tar)
        #expect(try TarArchive(path).bytes("000.shortSV_captions") == raw([1, -2.5, 3e-8]))
        let back = try LabelledEmbeddings(reading: path)
        #expect(back.labels == labels && back.vectors.values == vectors.values && back.vectors.shape == [2, 3])
        // As webdataset spells endings.
        let lower = try tar(
            "lower.tar", [("a.b/7.shortsv_captions", raw([1, 2])), ("a.b/7.longsv_captions", raw([3, 4]))])
        #expect(try LabelledEmbeddings(reading: lower).vectors.values == [1, 2, 3, 4])
    }

    /// Vectors that were computed elsewhere stand for the model that made them.
    @Test func storedVectorsAreAnEmbedder() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for shard in 0..<2 {
            let text = #"{"shortSV_captions": "cat \#(shard)", "longSV_captions": " a long cat \#(shard)\n"}"#
            _ = try tar("0\(shard).tar", [("k.jpg", [1]), ("k.json", Array(text.utf8))])
            _ = try tar(
                "0\(shard)_text_embeddings.tar",
                [
                    ("k.shortsv_captions", raw([Float(shard), 1])), ("k.longsv_captions", raw([Float(shard), 2])),
                ])
        }
        let files = StoredEmbedder.files(at: folder)
        #expect(files == ["00", "01"].map { "\(folder)/\($0)_text_embeddings.tar" })
        let embedder = try StoredEmbedder(name: "stored", files: files)
        #expect(embedder.dimension == 2)
        try embedder.embed(["a long cat 1", "cat 0"]) { batch, vectors in
            #expect(batch == [0, 1] && vectors.values == [1, 2, 0, 1])
        }
        #expect(throws: EmbeddingError.unknown(text: "dog", model: "stored")) {
            try embedder.embed(["cat 0", "dog"]) { _, _ in }
        }
        _ = try tar("02.tar", [("other.jpg", [1]), ("other.txt", Array("x".utf8))])
        let strange = try tar("02_text_embeddings.tar", [("k.shortsv_captions", raw([1, 2]))])
        #expect { try StoredEmbedder(name: "stored", files: [strange]) } throws: {
            "\($0)".contains("the shard beside it has no k.shortsv_captions")
        }
        #expect(StoredEmbedder.files(at: folder + "/00.tar").isEmpty)
    }

    @Test func whatIsNoSuchFileIsNamed() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        func sentence(_ members: [(String, [UInt8])]) throws -> String {
            let path = try tar("x.tar", members)
            let error = #expect(throws: ArchiveError.self) { _ = try LabelledEmbeddings(reading: path) }
            return error?.description ?? ""
        }
        #expect(try sentence([("0.jpg", [1])]).contains("is not a file of text embeddings"))
        #expect(try sentence([("0.shortSV_captions", [1, 2, 3])]).contains("which are no float32 values"))
        #expect(
            try sentence([("0.shortSV_captions", raw([1])), ("0.longSV_captions", raw([1, 2]))]).contains(
                "has 8 bytes, 0.shortSV_captions has 4"))
        #expect(try sentence([("0.shortSV_captions", raw([.nan]))]).contains("not finite"))
        let texts = LabelledEmbeddings(
            vectors: .zeros([1, 2]), labels: ["a cat"], role: .texts, model: "x", description: [:])
        let error = #expect(throws: ArchiveError.self) { try texts.write(to: folder + "/y.tar", as: .tar) }
        #expect(error?.description.contains("not \"a cat\"; embed a webdataset shard") == true)
    }
}
