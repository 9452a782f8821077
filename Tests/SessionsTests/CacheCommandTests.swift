import Foundation
import Testing

@testable import Sessions

/// What the program keeps on disk between sessions can be seen and emptied.
@Suite struct CacheCommandTests {
    private func world() throws -> TinyWorld {
        let world = try TinyWorld()
        for (name, count) in [("embeddings/m/a.h5", 10), ("trained/old.h5", 1000), ("trained/new.h5", 24)] {
            let url = URL(filePath: "\(world.folder)/.cache/proclip/\(name)")
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(count: count).write(to: url)
        }
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -40 * 86_400)],
            ofItemAtPath: "\(world.folder)/.cache/proclip/trained/old.h5")
        return world
    }

    private func fields(_ text: String, in world: TinyWorld) throws -> [String: Int] {
        let results = world.run(text)
        try #require(results.exitStatus == .ok, "\(results)")
        return Dictionary(
            uniqueKeysWithValues: (results.last?.fields ?? [:]).compactMap { name, value in
                if case .integer(let number) = value { (name, number) } else { nil }
            })
    }

    @Test func everyPartHasItsSize() throws {
        let world = try world()
        let fields = try fields("cache", in: world)
        #expect(fields["embeddings.bytes"] == 10 && fields["embeddings.n_files"] == 1)
        #expect(fields["trained.bytes"] == 1024 && fields["trained.n_files"] == 2)
        #expect(fields["models.bytes"] == 0 && fields["debian.bytes"] == 0)
        #expect(fields["removed_bytes"] == nil)
    }

    @Test func onlyWhatIsNamedAndOldIsRemoved() throws {
        let world = try world()
        var after = try fields("cache clear=[trained] days=30", in: world)
        #expect(after["removed_bytes"] == 1000 && after["trained.bytes"] == 24 && after["embeddings.bytes"] == 10)
        after = try fields("cache clear=[trained, embeddings]", in: world)
        #expect(after["removed_bytes"] == 34 && after["trained.n_files"] == 0 && after["embeddings.n_files"] == 0)
        world.expectErrors([
            ("cache clear=tained", "E211", "did you mean: trained?"),
            ("cache days=3", "E216", "days= belongs to clear="),
        ])
    }

    /// `set cache=` moves what is computed, not what is downloaded.
    @Test func theFolderThatIsSetIsLookedAt() throws {
        let world = try world()
        let fields = try fields("set cache=./elsewhere/embeddings\ncache", in: world)
        #expect(fields["embeddings.bytes"] == 0 && fields["trained.bytes"] == 0)
    }
}
