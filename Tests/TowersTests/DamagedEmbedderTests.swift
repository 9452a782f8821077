import Archive
import Foundation
import Tensors
import Testing

@testable import Towers

/// Embedders whose files were damaged: loading one, and embedding a text where it loads, ends in an error or in a vector,
/// never in a trap, a hang or a large allocation.
///
/// 20 damaged copies of each file, or as many as PROCLIP_TRIALS says: `make test-full` tries thousands.
@Suite struct DamagedEmbedderTests {
    private static let fixtures =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures").path
    private static let trials = ProcessInfo.processInfo.environment["PROCLIP_TRIALS"].flatMap { Int($0) } ?? 20

    /// A model, and the file of it that is damaged; "" for a model that is one file.
    private static let files: [(model: String, file: String)] = {
        let single = ["gemma3", "llama", "qwen3"].map { ("decoders/\($0).gguf", "") }
        let parts = ["dense", "e5", "qwen3"].map { "modules/" + $0 }.flatMap { name in
            let files = FileManager.default.subpaths(atPath: fixtures + "/" + name) ?? []
            return files.sorted().filter { $0.contains(".") }.map { (name, $0) }
        }
        return single + parts
    }()

    /// Changed bytes, numbers of an absurd size, an end too soon, or a part that comes twice.
    private func damaged(_ original: Data, _ random: inout RandomGenerator) -> Data {
        var bytes = original
        func place(_ room: Int = 1) -> Int { Int(random.next() % UInt64(max(1, bytes.count - room))) }
        for _ in 0...Int(random.next() % 4) where bytes.count > 16 {
            // What describes a file stands at its beginning.
            let start = random.next() % 2 == 0 ? place(8) : place(8) % min(4096, bytes.count - 8)
            switch random.next() % 8 {
            case 0: bytes = bytes.prefix(start)
            case 1: bytes.insert(contentsOf: bytes[start..<min(bytes.count, start + 64)], at: place())
            case 2:
                let numbers: [UInt64] = [0, 1, .max, 1 << 31, 1 << 32, 1 << 62, UInt64(bytes.count)]
                let number = numbers[Int(random.next() % UInt64(numbers.count))]
                for byte in 0..<8 { bytes[start + byte] = UInt8(truncatingIfNeeded: number >> (8 * UInt64(byte))) }
            default: bytes[start] = UInt8(truncatingIfNeeded: random.next())
            }
        }
        return Data(bytes)
    }

    private static var peakKilobytes: Int {
        var usage = rusage()
        getrusage(RUSAGE_SELF.rawValue, &usage)
        return usage.ru_maxrss
    }

    @Test(arguments: files) func endInAnErrorOrAVector(model: String, file: String) throws {
        let copy = NSTemporaryDirectory() + "proclip-damaged-\(UUID().uuidString)" + (file.isEmpty ? ".gguf" : "")
        defer { try? FileManager.default.removeItem(atPath: copy) }
        try FileManager.default.copyItem(atPath: Self.fixtures + "/" + model, toPath: copy)
        let path = file.isEmpty ? copy : copy + "/" + file
        let original = try Data(contentsOf: URL(fileURLWithPath: path))
        var random = RandomGenerator(seed: 47, stream: model + "/" + file)
        let before = Self.peakKilobytes
        for _ in 0..<Self.trials {
            try damaged(original, &random).write(to: URL(fileURLWithPath: path))
            do {
                _ = try Embedders.load(name: "damaged", path: copy).embed(["a photo of the red apple, 犬 and дом"])
            } catch let error as ArchiveError {
                #expect(!error.description.isEmpty)
            } catch is ConfigurationError {
            } catch { Issue.record("\(type(of: error)): \(error)") }
        }
        #expect(Self.peakKilobytes - before < 500_000, "\(model)/\(file)")
    }
}
