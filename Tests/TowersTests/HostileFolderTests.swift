import Archive
import Foundation
import Tensors
import Testing

@testable import Towers

private let fixtures =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures/checkpoints").path

/// Folders whose descriptions were damaged or made up: an error that names the thing, never a trap, a hang or a large
/// allocation.
@Suite struct HostileFolderTests {
    private static let descriptions = [
        ("hf-clip", "config.json"), ("hf-clip", "preprocessor_config.json"),
        ("hf-clip", "model.safetensors.index.json"),
        ("hf-siglip", "config.json"), ("hf-siglip", "preprocessor_config.json"), ("open-clip", "open_clip_config.json"),
        ("hf-dinov2", "config.json"), ("hf-dinov2", "preprocessor_config.json"),
    ]

    /// Changes a description in a copy of its folder and reads the model.
    private func withCopy(
        of folder: String, _ file: String, _ body: (_ original: String, _ read: (String) throws -> Void) throws -> Void
    ) throws {
        let copy = NSTemporaryDirectory() + "proclip-hostile-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: copy) }
        try FileManager.default.copyItem(atPath: fixtures + "/" + folder, toPath: copy)
        let path = copy + "/" + file
        try body(try String(contentsOfFile: path, encoding: .utf8)) { text in
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            if folder == "hf-dinov2" {
                _ = try ForeignTower(copy).tower()
            } else {
                _ = try ForeignCheckpoint(copy).model()
            }
        }
    }

    /// A user knows the names in the file, not ours.
    @Test func tensorsAreNamedAsInTheFile() throws {
        let copy = NSTemporaryDirectory() + "proclip-names-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: copy) }
        try FileManager.default.copyItem(atPath: fixtures + "/hf-siglip", toPath: copy)
        let path = copy + "/model.safetensors"
        let own = try SafetensorsFile(path).tensors
        let (name, other) = (
            "vision_model.encoder.layers.0.mlp.fc1.weight", "vision_model.encoder.layers.0.mlp.fc11.weight"
        )
        let matrix = try #require(own[name])
        func message(_ tensors: [String: Tensor]) throws -> String {
            try SafetensorsFile.write(path, tensors: tensors.map { ($0.key, $0.value) })
            do { _ = try ForeignCheckpoint(copy).model() } catch { return "\(error)" }
            return ""
        }
        let rest = own.filter { $0.key != name }
        let renamed = try message(rest.merging([other: matrix]) { $1 })
        #expect(renamed.contains("tensor \(name) is missing; nearest among") && renamed.contains(": \(other),"))
        let narrow = try message(rest.merging([name: matrix.rows(0..<20)]) { $1 })
        #expect(narrow.contains("tensor \(name) has shape [20, 16], [24, 16] is needed"))
        #expect(try message(own.merging([other: matrix]) { $1 }).contains(other))
    }

    private func expectSentence(_ text: String, _ read: (String) throws -> Void) {
        do { try read(text) } catch let error as ArchiveError {
            #expect(!error.description.isEmpty)
        } catch is ConfigurationError {
        } catch { Issue.record("\(type(of: error)): \(error)") }
    }

    @Test(arguments: descriptions) func changedBytes(folder: String, file: String) throws {
        var random = RandomGenerator(seed: 31, stream: folder + file)
        try withCopy(of: folder, file) { original, read in
            for _ in 0..<100 {
                var bytes = Array(original.utf8)
                for _ in 0...Int(random.next() % 3) {
                    bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
                }
                expectSentence(String(decoding: bytes, as: UTF8.self), read)
            }
        }
    }

    /// Every value in turn becomes some of another type or of an absurd size.
    @Test(arguments: descriptions) func otherValues(folder: String, file: String) throws {
        var random = RandomGenerator(seed: 32, stream: folder + file)
        let deep = String(repeating: "[", count: 400) + String(repeating: "]", count: 400)
        let others = [
            "null", "true", "-1", "0", "1e400", "9223372036854775807", "999999", "1e18", "0.5", "\"x\"", "[]", "{}",
            "[1,2]", "{\"a\":[]}", deep,
        ]
        try withCopy(of: folder, file) { original, read in
            for match in original.matches(of: /: ("[^"]*"|[-0-9.e]+|true|false)/) {
                let place = match.output.1.startIndex..<match.output.1.endIndex
                for _ in 0..<3 {
                    let other = others[Int(random.next() % UInt64(others.count))]
                    expectSentence(original.replacingCharacters(in: place, with: other), read)
                }
            }
        }
    }

    @Test(arguments: descriptions) func otherDocuments(folder: String, file: String) throws {
        let nested = [(#"{"a":"#, "}"), ("[", "]")].map { open, close in
            String(repeating: open, count: 200_000) + String(repeating: close, count: 200_000)
        }
        try withCopy(of: folder, file) { original, read in
            for text in ["", "{", "[]", "{}", "nul", "\u{feff}{}", "{\"a\":1e999999}"] + nested {
                #expect(throws: (any Error).self) { try read(text) }
            }
            for length in stride(from: 0, to: original.utf8.count - 3, by: 17) {
                #expect(throws: (any Error).self) { try read(String(original.prefix(length))) }
            }
        }
    }

    /// Names that nearly fit are offered.
    @Test func aMissingTensorIsNamedWithItsNeighbours() throws {
        try withCopy(of: "hf-siglip", "config.json") { original, read in
            let text = original.replacingOccurrences(of: "\"num_hidden_layers\": 2", with: "\"num_hidden_layers\": 3")
            let error = #expect(throws: ArchiveError.self) { try read(text) }
            #expect(error?.description.contains("layers.2") == true)
            #expect(error?.description.contains("nearest among") == true)
        }
    }
}
