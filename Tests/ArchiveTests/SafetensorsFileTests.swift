import Archive
import Foundation
import Tensors
import Testing

@Suite struct SafetensorsFileTests {
    @Test func readsWhatTheReferenceWrote() throws {
        let file = try SafetensorsFile(fixture("mixed.safetensors"))
        #expect(Set(file.tensors.keys) == ["single", "half", "brain", "scalar", "empty"])
        #expect(file.skipped == ["ids": "I64", "mask": "U8"])
        #expect(file.metadata == ["format": "pt"])
        let single = try file.tensor("single")
        #expect(single.shape == [2, 3] && single.elementType == .float32 && single.storage.isMapped)
        #expect(single.values == [0, 0.25, 0.5, 0.75, 1, 1.25])
        #expect(try file.tensor("half").values == [0.5, -2, 65504])
        #expect(try file.tensor("brain").values == [1, -0.5, 3.375])
        #expect(try file.tensor("scalar").shape == .scalar)
        #expect(try file.tensor("empty").shape == [0, 4])
        #expect(throws: ArchiveError.self) { try file.tensor("ids") }
        let missing = #expect(throws: ArchiveError.self) { try file.tensor("sinlge") }
        #expect(missing?.description.contains("nearest among 5: single") == true)
    }

    /// Every tensor is readable at any length of the header.
    @Test func unalignedDataIsCopied() throws {
        for padding in 0..<5 {
            let header =
                #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"# + String(repeating: " ", count: padding)
            let file = try read(header, data: [0, 0, 0x80, 0x3f, 0, 0, 0, 0x40])
            #expect(try file.tensor("a").values == [1, 2])
        }
    }

    /// A header as long as the first byte of a pickle reads.
    @Test func noHeaderIsTakenForAPickle() throws {
        let header = #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#
        let padded = header + String(repeating: " ", count: 0x80 - header.utf8.count)
        try withTemporaryFolder { folder in
            let bytes = withUnsafeBytes(of: UInt64(0x80).littleEndian) { Data($0) } + Data(padded.utf8)
            try (bytes + Data(repeating: 0, count: 8)).write(to: URL(fileURLWithPath: folder + "/a"))
            #expect(try NamedTensors(reading: folder + "/a").tensors["a"]?.values == [0, 0])
        }
    }

    @Test(arguments: [
        (
            #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
            "overlaps"
        ),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, "gap"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, "belong to no tensor"),
        (#"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#, "needs 12 bytes"),
        (#"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}"#, "cut short"),
        (#"{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#, "impossible shape"),
        (#"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}"#, "impossible shape"),
        (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#, "impossible offsets"),
        (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}"#, "impossible offsets"),
        (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}}"#, "impossible offsets"),
        (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8e30]}}"#, "not a safetensors file"),
        (#"{"a":{"dtype":"F32","shape":[2]}}"#, "not a safetensors file"),
        (#"{"a":{"note":"text"}}"#, "is no tensor"),
        (#"{"a":"#, "not a safetensors file"),
        (#"[1,2,3]"#, "not a safetensors file"),
    ])
    func hostileHeadersAreRefused(header: String, sentence: String) {
        let error = #expect(throws: ArchiveError.self) { try read(header, data: [UInt8](repeating: 0, count: 8)) }
        #expect(error?.description.contains(sentence) == true, "got: \(error?.description ?? "")")
    }

    @Test func aHeaderLengthIsNotBelieved() throws {
        try withTemporaryFolder { folder in
            for length in [UInt64.max, 1 << 62, 15_999_999, 16_000_001, 100_000_000, 0] {
                let bytes = withUnsafeBytes(of: length.littleEndian) { Data($0) } + Data(#"{"a":1}"#.utf8)
                try bytes.write(to: URL(fileURLWithPath: folder + "/bomb"))
                #expect(throws: ArchiveError.self) { try SafetensorsFile(folder + "/bomb") }
            }
        }
    }

    @Test func deepNestingIsRefused() {
        #expect(throws: ArchiveError.self) { try read(String(repeating: #"{"a":"#, count: 100_000), data: []) }
    }

    @Test func cutAnywhereItIsRefused() throws {
        let whole = try Data(contentsOf: URL(fileURLWithPath: fixture("mixed.safetensors")))
        try withTemporaryFolder { folder in
            for length in 0..<whole.count {
                try whole.prefix(length).write(to: URL(fileURLWithPath: folder + "/cut"))
                #expect(throws: ArchiveError.self) { try SafetensorsFile(folder + "/cut") }
            }
        }
    }

    /// Changed bytes may give another valid file, never a trap.
    @Test func randomBytesNeverTrap() throws {
        var random = SplitMix(state: 11)
        let whole = try Data(contentsOf: URL(fileURLWithPath: fixture("mixed.safetensors")))
        try withTemporaryFolder { folder in
            let path = folder + "/random"
            for round in 0..<2000 {
                var bytes = whole
                if round % 4 == 0 {
                    bytes = Data(
                        (0..<Int.random(in: 0..<200, using: &random)).map { _ in
                            UInt8.random(in: 0...255, using: &random)
                        })
                } else {
                    for _ in 0...round % 3 {
                        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
                            in: 0...255, using: &random)
                    }
                }
                try bytes.write(to: URL(fileURLWithPath: path))
                if let file = try? SafetensorsFile(path) { for tensor in file.tensors.values { _ = tensor.values } }
            }
        }
    }

    private func read(_ header: String, data: [UInt8]) throws -> SafetensorsFile {
        try withTemporaryFolder { folder in
            let length = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) }
            try (length + Data(header.utf8) + Data(data)).write(to: URL(fileURLWithPath: folder + "/a"))
            return try SafetensorsFile(folder + "/a")
        }
    }
}
