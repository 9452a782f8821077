import Archive
import Foundation
import Testing

@testable import Inputs

/// Tokenizers of every kind against the library `tokenizers`, line by line.
@Suite struct TokenizerFileTests {
    private static let hashes: [String: [String]] = {
        let data = FileManager.default.contents(atPath: MixedLines.folder + "/hashes.json") ?? Data()
        return (try? JSONDecoder().decode([String: [String]].self, from: data)) ?? [:]
    }()

    @Test(arguments: hashes.keys.sorted()) func agreesOn10000Lines(name: String) throws {
        let tokenizer = try TokenizerFolder(MixedLines.folder + "/" + name).tokenizer(maximumLength: 1_000_000)
        let wanted = try #require(Self.hashes[name])
        #expect(wanted.count == 100)
        for (block, hash) in wanted.enumerated() {
            let lines = MixedLines.all[100 * block..<100 * (block + 1)]
            let ids = lines.map { tokenizer.encode($0).ids.map(String.init).joined(separator: " ") + "\n" }.joined()
            #expect(SHA256Hash.of(bytes: Data(ids.utf8)).hasPrefix(hash), "lines \(100 * block) to \(100 * block + 99)")
        }
    }
}
