import Archive
import Foundation
import Tensors
import Testing

@Suite struct HDF5FileTests {
    private let words = ["", "a red apple", "eine Äpfelkiste", "👩‍🚀", "リンゴ"]

    private func write(_ path: String) throws {
        let file = try HDF5File(writing: path)
        try file.write(Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3]), at: "blocks/0/weight")
        try file.write(Tensor([0.5, -2, 65504], shape: [3]).converted(to: .float16), at: "blocks/0/bias")
        try file.write(Tensor(scalar: 4.6), at: "logit_scale")
        try file.write([UInt8](0..<24), shape: [2, 3, 4], at: "images", layout: .compressed(chunk: [1, 3, 4]))
        try file.write([UInt8](0..<24), shape: [6, 4], at: "plain")
        try file.write([Int64.min, -1, Int64.max], at: "captions/en/picture")
        try file.write([Int32]([7, -8]), at: "labels")
        try file.write([Float](), shape: [0, 3], at: "empty")
        try file.write(words, at: "captions/en/text")
        try file.write([String](), at: "none")
        try file.setAttribute("kind", to: .text("model, größer"))
        try file.setAttribute("format_version", to: .integer(1))
        try file.setAttribute("ratio", to: .number(0.25))
        try file.setAttribute("unit", to: .text("px"), of: "images")
        try file.close()
    }

    @Test func everythingComesBack() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/all.h5"
            try write(path)
            let file = try HDF5File(reading: path)
            let weight = try file.tensor("blocks/0/weight")
            #expect(weight.shape == [2, 3] && weight.values == [1, 2, 3, 4, 5, 6])
            #expect(weight.storage.isMapped && Int(bitPattern: weight.storage.bytes) % 64 == 0)
            let bias = try file.tensor("blocks/0/bias")
            #expect(bias.elementType == .float16 && bias.values == [0.5, -2, 65504] && bias.storage.isMapped)
            #expect(try file.tensor("logit_scale").shape == .scalar)
            #expect(try file.tensor("logit_scale").item == 4.6)
            #expect(try file.shape(of: "images") == [2, 3, 4])
            #expect(try file.array("images", of: UInt8.self) == [UInt8](0..<24))
            #expect(try file.array("images", of: UInt8.self, rows: 1..<2) == [UInt8](12..<24))
            #expect(try file.array("images", of: Int64.self, rows: 0..<0) == [])
            #expect(try file.bytes("plain").isMapped && !file.bytes("images").isMapped)
            #expect(try file.array("captions/en/picture", of: Int64.self) == [Int64.min, -1, Int64.max])
            #expect(try file.array("labels", of: Int64.self) == [7, -8])
            #expect(try file.tensor("empty").shape == [0, 3])
            #expect(try file.strings("captions/en/text") == words)
            #expect(try file.strings("none") == [])
            #expect(
                try file.attributes() == [
                    "kind": .text("model, größer"), "format_version": .integer(1), "ratio": .number(0.25),
                ])
            #expect(try file.attribute("unit", of: "images") == .text("px"))
            #expect(try file.children(of: "blocks") == ["0"])
            #expect(try file.datasets(below: "captions") == ["captions/en/picture", "captions/en/text"])
            #expect(file.contains("captions/en") && !file.contains("captions/de/text"))
        }
    }

    @Test func equalContentGivesEqualBytes() throws {
        try withTemporaryFolder { folder in
            try write(folder + "/a.h5")
            try write(folder + "/b.h5")
            #expect(try SHA256Hash.of(file: folder + "/a.h5") == SHA256Hash.of(file: folder + "/b.h5"))
        }
    }

    @Test func mappedTensorsOutliveTheFileAndItsName() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/model.h5"
            try writeTensors(path, tensors: [("weight", Tensor.full([1000], 3))], attributes: ["kind": "model"])
            let (tensors, attributes) = try readTensors(path)
            try writeTensors(path, tensors: [("weight", Tensor.full([10], 4))])
            #expect(attributes == ["kind": "model"])
            #expect(tensors["weight"]?.values == [Float](repeating: 3, count: 1000))
            #expect(try readTensors(path).tensors["weight"]?.values == [Float](repeating: 4, count: 10))
        }
    }

    @Test func mistakesAreNamed() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/all.h5"
            try write(path)
            let file = try HDF5File(reading: path)
            expect("blocks/0/wieght is missing; nearest among 10: blocks/0/weight") {
                try file.tensor("blocks/0/wieght")
            }
            expect("labels in \(path) holds int32, floating-point numbers is needed") { try file.tensor("labels") }
            expect("captions/en/picture in \(path) holds int64, int32 is needed") {
                try file.array("captions/en/picture", of: Int32.self)
            }
            expect("images in \(path) holds uint8, text is needed") { try file.strings("images") }
            expect("images has 2 rows, 1..<3 were asked for") {
                try file.array("images", of: UInt8.self, rows: 1..<3)
            }
            expect("\(path) lacks the attribute config") { try file.attribute("config") }
            expect("there is no file \(folder)/none.h5") { try HDF5File(reading: folder + "/none.h5") }
            expect("is not an HDF5 file") { try HDF5File(reading: testFolder + "/HDF5FileTests.swift") }
            let other = try HDF5File(writing: folder + "/other.h5")
            expect("entry 1 of texts holds a zero byte") { try other.write(["a", "b\0c"], at: "texts") }
            expect("holds bfloat16, which HDF5 lacks") {
                try other.write(Tensor(scalar: 1).converted(to: .bfloat16), at: "half")
            }
        }
    }

    @Test func aFullDiskIsOneSentence() {
        expect("the disk is full: /dev/full was not written") {
            let file = try HDF5File(writing: "/dev/full")
            try file.write(Tensor.zeros([100_000]), at: "weight")
            try file.close()
        }
    }

    @Test func workGoesOnAfterAFullDisk() throws {
        for _ in 0..<3 { aFullDiskIsOneSentence() }
        try withTemporaryFolder { folder in
            try writeTensors(folder + "/a.h5", tensors: [("x", Tensor.full([3], 2))])
            #expect(try readTensors(folder + "/a.h5").tensors["x"]?.values == [2, 2, 2])
        }
    }

    /// Wherever a file is cut, reading it throws or gives the whole values: never a trap.
    @Test func truncatedFilesThrow() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/all.h5"
            try write(path)
            let whole = try Data(contentsOf: URL(fileURLWithPath: path))
            for length in stride(from: 0, to: whole.count, by: 97) {
                try whole.prefix(length).write(to: URL(fileURLWithPath: folder + "/cut.h5"))
                #expect(throws: ArchiveError.self, "cut to \(length) bytes") {
                    let file = try HDF5File(reading: folder + "/cut.h5")
                    _ = try file.tensor("blocks/0/weight")
                    _ = try file.tensor("blocks/0/bias")
                    _ = try file.strings("captions/en/text")
                }
            }
        }
    }

    private func expect<Result>(_ sentence: String, _ body: () throws -> Result) {
        let error = #expect(throws: ArchiveError.self) { _ = try body() }
        let text = error?.description ?? ""
        #expect(text.contains(sentence), "got: \(text)")
    }
}
