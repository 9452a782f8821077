import Foundation
import Tensors
import Testing

@testable import Archive

@Suite struct TorchFileTests {
    private let path = fixture("tensors.pt")

    @Test func readsWhatPyTorchWrote() throws {
        let found = try NamedTensors(reading: path)
        let wanted = try SafetensorsFile(fixture("tensors.safetensors")).tensors
        #expect(Set(found.tensors.keys) == Set(wanted.keys) && wanted.count == 8)
        for (name, tensor) in wanted {
            #expect(found.tensors[name]?.shape == tensor.shape, "\(name)")
            #expect(found.tensors[name]?.elementType == tensor.elementType, "\(name)")
            #expect(found.tensors[name]?.values == tensor.values, "\(name)")
        }
        #expect(found.skipped == ["module.ids": "LongStorage"])
        #expect(found.tensors["single"]?.storage.isMapped == true)
        #expect(found.tensors["transposed"]?.storage.isMapped == false)
    }

    /// What a pickle could do to whoever loads it is refused by its name; nothing runs.
    @Test(arguments: [
        ("cposix\nsystem\n(U\u{3}rm tR.", "names posix.system"),
        ("c__builtin__\neval\n.", "names __builtin__.eval"),
        ("cbuiltins\ngetattr\n.", "names builtins.getattr"),
        ("ctorch\nload\n.", "names torch.load"),
        ("ctorch.storage\n_load_from_bytesStorage\n.", "names torch.storage._load_from_bytesStorage"),
        ("ctorch.FloatStorage\nx\n.", "names torch.FloatStorage.x"),
        ("(cos\nsystem\no.", "names os.system"),
        ("(S'a'\nios\nsystem\n.", "STRING 0x53 at byte 1"),
        ("(ios\nsystem\n.", "INST 0x69 at byte 1"),
        ("P1\n.", "PERSID 0x50 at byte 0"),
        ("\u{2}.", "0x2 at byte 0"),
        ("ctorch\nFloatStorage\n)R.", "calls at byte"),
        ("ctorch\nFloatStorage\n)\u{1}.", "0x1 at byte"),
        ("]}b.", "changes at byte"),
        (")}R.", "calls at byte"),
        ("h\u{5}.", "damaged at byte"),
        ("a.", "damaged at byte"), ("t.", "damaged at byte"), ("(.", "damaged at byte"), (".", "damaged at byte"),
        ("}(U\u{1}au.", "damaged at byte"),
        ("X", "cut short"), ("X\u{7f}\u{7f}\u{7f}\u{7f}", "cut short"), ("cposix", "cut short"), ("", "cut short"),
    ])
    func whatIsNoPlainDataIsRefused(pickle: String, words: String) {
        let bytes = pickle.unicodeScalars.map { UInt8($0.value) }
        let error = #expect(throws: ArchiveError.self) {
            try bytes.withUnsafeBytes { try Unpickler.read($0, path: "x.pt") }
        }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }

    /// A global by the two texts of protocol 4, and an extension registry entry.
    @Test func laterProtocolsOpenNoOtherDoor() {
        let global: [UInt8] =
            [0x80, 4, 0x8c, 5] + Array("posix".utf8) + [0x8c, 6] + Array("system".utf8) + [0x93, 0x2e]
        let error = #expect(throws: ArchiveError.self) {
            try global.withUnsafeBytes { try Unpickler.read($0, path: "x.pt") }
        }
        #expect(error?.description.contains("names posix.system") == true)
        for code: [UInt8] in [[0x82, 1], [0x84, 1, 0, 0, 0], [0x92], [0x8f], [0x96, 1, 0, 0, 0, 0, 0, 0, 0, 0]] {
            #expect(throws: ArchiveError.self) {
                try (code + [0x2e]).withUnsafeBytes { try Unpickler.read($0, path: "x.pt") }
            }
        }
    }

    /// A million tuples in each other, a list that holds itself: no recursion follows them.
    @Test func nestingAndCyclesCostNothing() throws {
        var deep: [UInt8] = [UInt8(ascii: ")")]
        deep += [UInt8](repeating: 0x85, count: 1_000_000) + [UInt8(ascii: ".")]
        _ = try deep.withUnsafeBytes { try Unpickler.read($0, path: "x.pt") }
        let cycle = Array("]q\u{0}h\u{0}a.".utf8)
        let pickle = try cycle.withUnsafeBytes { try Unpickler.read($0, path: "x.pt") }
        #expect(pickle.lists.count == 1)
    }

    /// A long list that is made a dictionary, or the state of an object, again and again.
    @Test func copiesOfCopiesAreRefused() {
        let pairs =
            Array("]q\u{0}(".utf8)
            + (0..<1000).flatMap { _ in Array("U\u{1}aN\u{86}".unicodeScalars.map { UInt8($0.value) }) }
            + Array("e".utf8)
        let dictionary = Array("ccollections\nOrderedDict\nq\u{1}h\u{0}\u{85}R".unicodeScalars.map { UInt8($0.value) })
        let bytes = pairs + (0..<1000).flatMap { _ in dictionary } + [UInt8(ascii: ".")]
        let error = #expect(throws: ArchiveError.self) {
            try Array(bytes).withUnsafeBytes { try Unpickler.read($0, path: "x.pt") }
        }
        #expect(error?.description.contains("again and again") == true, "\(error?.description ?? "")")
    }

    @Test func cutAnywhereItIsRefused() throws {
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        try withTemporaryFolder { folder in
            for length in stride(from: 0, to: whole.count, by: 13) {
                try whole.prefix(length).write(to: URL(fileURLWithPath: folder + "/cut.pt"))
                #expect(throws: ArchiveError.self) { try NamedTensors(reading: folder + "/cut.pt") }
            }
        }
    }

    /// Changed bytes may give another valid file, never a trap.
    @Test func changedBytesNeverTrap() throws {
        var random = SplitMix(state: 5)
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        try withTemporaryFolder { folder in
            let path = folder + "/changed.pt"
            for round in 0..<1000 {
                var bytes = whole
                for _ in 0...round % 4 {
                    // Half of the changes hit the pickle and the headers near the beginning.
                    let limit = round % 2 == 0 ? min(1500, bytes.count) : bytes.count
                    bytes[Int.random(in: 0..<limit, using: &random)] = UInt8.random(in: 0...255, using: &random)
                }
                try bytes.write(to: URL(fileURLWithPath: path))
                if let file = try? NamedTensors(reading: path) {
                    for tensor in file.tensors.values { _ = tensor.values }
                }
            }
        }
    }

    @Test func otherFilesAreNamedForWhatTheyAre() throws {
        try withTemporaryFolder { (folder: String) throws in
            func sentence(_ name: String, _ bytes: [UInt8]) throws -> String {
                try Data(bytes).write(to: URL(fileURLWithPath: folder + "/" + name))
                let error = #expect(throws: ArchiveError.self) { try NamedTensors(reading: folder + "/" + name) }
                return error?.description ?? ""
            }
            #expect(try sentence("old.pt", [0x80, 2, 0x8a, 10]).contains("as PyTorch wrote before 1.6"))
            #expect(try sentence("text.bin", Array("hello, world".utf8)).contains("is not a safetensors file"))
            #expect(try sentence("empty.bin", []).contains("cut short"))
        }
        #expect(throws: ArchiveError.missingFile("/nowhere.pt")) { try NamedTensors(reading: "/nowhere.pt") }
    }
}
