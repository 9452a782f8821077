import Archive
import Foundation
import Tensors
import Testing

@Suite struct GGUFFileTests {
    /// Every encoding, bit for bit as the Python package gguf widens it.
    @Test func everyEncodingIsWidenedAsByTheReference() throws {
        let file = try GGUFFile(fixture("blocks.gguf"))
        let expected = try SafetensorsFile(fixture("blocks.safetensors")).tensors
        #expect(file.tensors.count == 13 && Set(file.tensors.keys) == Set(expected.keys))
        for (name, tensor) in file.tensors {
            let wanted = try #require(expected[name])
            #expect(tensor.shape == wanted.shape && tensor.storage.isMapped && tensor.isFinite)
            #expect(tensor.values.map(\.bitPattern) == wanted.values.map(\.bitPattern), "\(name)")
        }
        #expect(Set(file.tensors.values.map(\.elementType)) == Set(ElementType.allCases))
    }

    @Test func metadataAreRead() throws {
        let metadata = try GGUFFile(fixture("blocks.gguf")).metadata
        #expect(metadata["general.architecture"]?.text == "test")
        #expect(metadata["test.number"]?.integer == 7 && metadata["test.number"]?.number == 7)
        #expect(metadata["test.text"]?.text == "ein Text" && metadata["test.flag"]?.boolean == true)
        #expect(metadata["test.fraction"]?.number == 0.5)
        #expect(metadata["test.texts"]?.texts == ["a", "bé", ""].map { Data($0.utf8) })
        #expect(metadata["test.integers"]?.integers == [1, -2, 3] && metadata["test.numbers"]?.numbers == [0.5, -1.5])
        #expect(metadata["test.integers"]?.text == nil && metadata["test.text"]?.integer == nil)
    }

    /// Matrices are multiplied as they are encoded; the product is that of the widened matrix.
    @Test func productsWithEncodedMatrices() throws {
        let file = try GGUFFile(fixture("blocks.gguf"))
        for (name, weight) in file.tensors {
            var generator = RandomGenerator(seed: 1)
            let input = Tensor.normal([5, weight.shape[1]], using: &generator)
            let found = Tensor.zeros([5, 3])
            Tensor.matmul(input, packed: weight, into: found)
            let wanted = Tensor.matmul(input, weight.converted(to: .float32), transposeB: true).values
            let scale = wanted.map(abs).max() ?? 1
            #expect(zip(found.values, wanted).allSatisfy { abs($0 - $1) <= 1e-5 * scale }, "\(name)")
            let rows = weight.gatheringRows([2, 0, 2], shape: [3])
            #expect(rows.values.suffix(weight.shape[1]) == weight.converted(to: .float32).rows(2..<3).values[...])
        }
    }

    /// A file that is cut anywhere is an error, never a crash.
    @Test func cutFilesAreRefused() throws {
        let whole = try Data(contentsOf: URL(fileURLWithPath: fixture("blocks.gguf")))
        try withTemporaryFolder { folder in
            let path = folder + "/cut.gguf"
            for count in Array(0..<1400) + [whole.count / 2, whole.count - 4096, whole.count - 600] {
                try whole.prefix(count).write(to: URL(fileURLWithPath: path))
                #expect(throws: ArchiveError.self, "\(count) bytes") { try GGUFFile(path) }
            }
        }
    }

    /// Any byte of the header may be wrong: what opens is sound, what does not gives one sentence.
    @Test func damagedHeadersNeverCrash() throws {
        let whole = try Data(contentsOf: URL(fileURLWithPath: fixture("blocks.gguf")))
        var random = SplitMix(state: 5)
        try withTemporaryFolder { folder in
            let path = folder + "/damaged.gguf"
            for _ in 0..<4000 {
                var bytes = whole
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    let value = [0, 1, 0x7f, 0x80, 0xff, UInt8.random(in: 0...255, using: &random)].randomElement(
                        using: &random)
                    bytes[Int.random(in: 0..<1400, using: &random)] = value ?? 0
                }
                try bytes.write(to: URL(fileURLWithPath: path))
                do {
                    for tensor in try GGUFFile(path).tensors.values { _ = tensor.isFinite && tensor.values.isEmpty }
                } catch let error as ArchiveError {
                    #expect(!error.description.isEmpty)
                }
            }
        }
    }

    @Test func hostileCountsReserveNothing() throws {
        func header(_ numbers: [UInt64]) -> Data {
            var data = Data("GGUF".utf8) + Data([3, 0, 0, 0])
            for number in numbers { withUnsafeBytes(of: number.littleEndian) { data.append(contentsOf: $0) } }
            return data
        }
        try withTemporaryFolder { folder in
            let path = folder + "/hostile.gguf"
            for numbers in [[.max, 0], [0, .max], [0, 1, .max], [1 << 60, 1 << 60], [1, 0, .max]] as [[UInt64]] {
                try header(numbers).write(to: URL(fileURLWithPath: path))
                #expect(throws: ArchiveError.truncated(path)) { try GGUFFile(path) }
            }
            try (Data("GGUF".utf8) + Data([9, 0, 0, 0])).write(to: URL(fileURLWithPath: path))
            let error = #expect(throws: ArchiveError.self) { try GGUFFile(path) }
            #expect(error?.description.contains("version 9") == true)
        }
    }
}
