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

    @Test(arguments: hashes.keys.filter { !published.contains($0) }.sorted())
    func agreesOn10000Lines(name: String) throws {
        try expectAgreement(
            name, TokenizerFolder(MixedLines.folder + "/" + name).tokenizer(maximumLength: 1_000_000))
    }

    // MARK: Published vocabularies, where they have been fetched

    private static let published = ["gemma3-270m", "minilm"]
    private static func isFetched(_ name: String) -> Bool { FileManager.default.fileExists(atPath: folder(of: name)) }
    private static func folder(of name: String) -> String {
        FileManager.default.homeDirectoryForCurrentUser.appending(path: ".cache/proclip/models/\(name)").path
    }

    /// Gemma's 262,144 pieces out of a GGUF file.
    @Test(.enabled(if: isFetched("gemma3-270m"), "`proclip fetch gemma3-270m` gets it"))
    func gemmasVocabularyAgreesOn10000Lines() throws {
        let file = try GGUFFile(Self.folder(of: "gemma3-270m") + "/gemma-3-270m-q4_k_m.gguf")
        try expectAgreement("gemma3-270m", TextTokenizer(file, maximumLength: 1_000_000))
    }

    /// The 30,522 pieces of BERT.
    @Test(.enabled(if: isFetched("minilm"), "`proclip fetch minilm` gets it"))
    func minilmsVocabularyAgreesOn10000Lines() throws {
        try expectAgreement("minilm", TokenizerFolder(Self.folder(of: "minilm")).tokenizer(maximumLength: 1_000_000))
    }

    private func expectAgreement(_ name: String, _ tokenizer: TextTokenizer) throws {
        let wanted = try #require(Self.hashes[name])
        #expect(wanted.count == 100)
        for (block, hash) in wanted.enumerated() {
            let lines = MixedLines.all[100 * block..<100 * (block + 1)]
            let ids = lines.map { tokenizer.encode($0).ids.map(String.init).joined(separator: " ") + "\n" }.joined()
            #expect(
                SHA256Hash.of(bytes: Data(ids.utf8)).hasPrefix(hash),
                "\(name), lines \(100 * block) to \(100 * block + 99)")
        }
    }
}
