import Archive
import Tensors
import Testing

/// HDF5 files exchanged with h5py. Needs a Python with h5py and numpy: `make test` installs one.
@Suite struct H5pyTests {
    private let words = ["", "a red apple", "eine Äpfelkiste", "👩‍🚀", "リンゴ"]

    @Test func pythonReadsWhatWeWrite() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/ours.h5"
            let file = try HDF5File(writing: path)
            try file.write(Tensor([0, 1, 2, 3, 4, 5], shape: [2, 3]), at: "blocks/0/weight")
            try file.write(Tensor([0.5, -2, 65504], shape: [3]).converted(to: .float16), at: "blocks/0/bias")
            try file.write(Tensor(scalar: 4.6), at: "logit_scale")
            try file.write([UInt8](0..<24), shape: [2, 3, 4], at: "images", layout: .compressed(chunk: [1, 3, 4]))
            try file.write([Int64.min, Int64.max], at: "picture")
            try file.write([Int32]([7, -8]), at: "labels")
            try file.write(words, at: "captions/en/text")
            try file.write([Float](), shape: [0, 3], at: "empty")
            try file.setAttribute("kind", to: .text("größer"))
            try file.setAttribute("count", to: .integer(12))
            try file.setAttribute("ratio", to: .number(0.25))
            try file.close()
            try runPython("exchange_with_h5py.py", "check", path)
        }
    }

    @Test func weReadWhatPythonWrites() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/theirs.h5"
            try runPython("exchange_with_h5py.py", "write", path)
            let file = try HDF5File(reading: path)
            #expect(try file.tensor("single").values == [0, 1, 2, 3, 4, 5])
            #expect(try file.tensor("half").values == [0.5, -2, 65504])
            #expect(try file.tensor("double").values == [0.1, .infinity])
            #expect(try file.tensor("big_endian").values == [1, 2, 3])
            #expect(try file.array("images", of: UInt8.self) == [UInt8](0..<24))
            #expect(try file.array("picture", of: Int64.self) == [-5, 1 << 40])
            #expect(try file.strings("captions/en/text") == words)
            #expect(try file.strings("fixed") == ["abc", "", "de"])
            #expect(throws: ArchiveError.unreadable(path, reason: "entry 0 of latin is not UTF-8")) {
                try file.strings("latin")
            }
            #expect(
                try file.attributes() == [
                    "kind": .text("größer"), "fixed": .text("abc"), "count": .integer(12), "ratio": .number(0.25),
                ])
        }
    }
}
