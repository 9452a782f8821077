import Foundation
import Tensors
import Testing
import Towers

@testable import ProCLIP

/// An embedder that counts its work: the vector of a text is its byte count and its byte sum.
private final class CountingEmbedder: TextEmbedder, @unchecked Sendable {
    let name = "counting"
    let hash: String
    let preprocessing: EmbedderPreprocessing
    let dimension = 2
    private(set) var seen: [String] = []
    var onEmbed: () -> Void = {}

    init(hash: String = "h1", pooling: String = "mean") {
        self.hash = hash
        preprocessing = EmbedderPreprocessing(tokens: "bytes", pooling: pooling, normalisation: "none")
    }

    /// In batches of at most 128.
    func embed(_ texts: [String], _ done: ([Int], Tensor) throws -> Void) throws {
        for start in stride(from: 0, to: texts.count, by: 128) {
            let batch = Array(start..<min(texts.count, start + 128))
            let chosen = batch.map { texts[$0] }
            seen += chosen
            onEmbed()
            try done(batch, Tensor(chosen.flatMap(Self.vector), shape: [chosen.count, 2]))
        }
    }

    static func vector(of text: String) -> [Float] {
        text == "bad" ? [0, .nan] : [Float(text.utf8.count), text.utf8.reduce(0) { $0 + Float($1) }]
    }
}

@Suite struct EmbeddingCacheTests {
    private func withCache(
        fileSize: Int = 4096, _ body: (EmbeddingCache, _ warnings: () -> [String]) throws -> Void
    ) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cache-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var warnings: [String] = []
        try body(EmbeddingCache(folder: folder, fileSize: fileSize) { warnings.append($0) }, { warnings })
    }

    private func expect(_ vectors: Tensor, of texts: [String]) {
        #expect(vectors.shape == [texts.count, 2])
        #expect(vectors.values == texts.flatMap(CountingEmbedder.vector))
    }

    private func files(_ cache: EmbeddingCache) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: cache.folder).filter { $0.hasSuffix(".h5") }
            .map { cache.folder + "/" + $0 }
    }

    @Test func aTextIsEmbeddedOnce() throws {
        try withCache { cache, warnings in
            // The last two are canonically equal, and another text to a tokenizer.
            let texts = ["a red apple", "", "a red apple", "caf\u{e9}", "cafe\u{301}"]
            let first = CountingEmbedder()
            expect(try cache.embeddings(of: texts, with: first), of: texts)
            #expect(first.seen.count == 4)
            let second = CountingEmbedder()
            expect(try cache.embeddings(of: texts.reversed(), with: second), of: texts.reversed())
            #expect(second.seen.isEmpty)
            expect(try cache.embeddings(of: ["a red pear"] + texts, with: second), of: ["a red pear"] + texts)
            #expect(second.seen == ["a red pear"])
            expect(try cache.embeddings(of: [], with: second), of: [])
            #expect(warnings().isEmpty)
        }
    }

    /// A session opens a file once, until it is another.
    @Test(arguments: [(500_000, 1, 300), (100, 3, 0)])
    func filesStayOpen(most: Int, times: Int, held: Int) throws {
        try withCache { cache, _ in
            let texts = (0..<300).map { "text \($0)" }
            _ = try cache.embeddings(of: texts, with: CountingEmbedder())
            let (path, opened) = (try #require(try files(cache).first), OpenedEmbeddings(most: most))
            var count = 0
            func open() throws -> EmbeddingsFile {
                try opened.file(path) {
                    count += 1
                    return try EmbeddingsFile(path, of: CountingEmbedder())
                }
            }
            for _ in 0..<3 { #expect(try open().texts.count == 300) }
            #expect(count == times && opened.count == held)
            let again = try Data(contentsOf: URL(filePath: path))
            try FileManager.default.removeItem(atPath: path)
            try again.write(to: URL(filePath: path))
            #expect(try open().texts.count == 300 && count == times + 1 && opened.count == held)
            // What lies behind the last vector that is asked for need not be looked at.
            let file = try #require(try files(cache).first)
            try Data("damage".utf8).write(to: URL(filePath: file + "z.h5"))
            let embedder = CountingEmbedder()
            _ = try cache.embeddings(of: texts, with: embedder)
            #expect(embedder.seen.isEmpty)
        }
    }

    @Test func anotherModelOrPoolingSharesNothing() throws {
        try withCache { cache, _ in
            _ = try cache.embeddings(of: ["a", "b"], with: CountingEmbedder())
            for other in [CountingEmbedder(hash: "h2"), CountingEmbedder(pooling: "last")] {
                _ = try cache.embeddings(of: ["a", "b"], with: other)
                #expect(other.seen.count == 2)
            }
            // A file that was put into another model's folder is not believed.
            let paths = try files(cache)
            try FileManager.default.removeItem(atPath: paths[0])
            try FileManager.default.copyItem(atPath: paths[1], toPath: paths[0])
            let embedders = [
                CountingEmbedder(), CountingEmbedder(hash: "h2"), CountingEmbedder(pooling: "last"),
            ]
            for embedder in embedders { _ = try cache.embeddings(of: ["a", "b"], with: embedder) }
            #expect(embedders.map(\.seen.count).sorted() == [0, 0, 2])
        }
    }

    @Test func anInterruptedRunContinues() throws {
        try withCache(fileSize: 200) { cache, _ in
            let texts = (0..<1000).map { "text number \($0)" }
            let (first, stop) = (CountingEmbedder(), StopFlag())
            first.onEmbed = { if first.seen.count >= 300 { stop.raise() } }
            #expect(throws: EmbeddingError.interrupted(done: 328, total: 1000)) {
                try cache.embeddings(of: texts, with: first, stop: stop)
            }
            let second = CountingEmbedder()
            var reports: [EmbeddingProgress] = []
            expect(try cache.embeddings(of: texts, with: second) { reports.append($0) }, of: texts)
            #expect(second.seen.count == 672 && Set(first.seen).isDisjoint(with: second.seen))
            #expect(reports.last?.done == 1000 && reports.allSatisfy { $0.cached == 328 && $0.total == 1000 })
        }
    }

    @Test func damagedFilesAreComputedAgain() throws {
        try withCache { cache, warnings in
            let texts = (0..<100).map { "text \($0)" }
            _ = try cache.embeddings(of: texts, with: CountingEmbedder())
            let path = try #require(try files(cache).first)
            let whole = try Data(contentsOf: URL(fileURLWithPath: path))
            let vectors = try #require(whole.range(of: Data(CountingEmbedder.vector(of: texts[50]).flatMap(bytes))))
            var flipped = whole
            flipped[vectors.lowerBound] ^= 1
            for (count, damaged) in [flipped, whole.prefix(whole.count / 2), Data(), Data("no".utf8)].enumerated() {
                try damaged.write(to: URL(fileURLWithPath: path))
                let embedder = CountingEmbedder()
                expect(try cache.embeddings(of: texts, with: embedder), of: texts)
                #expect(embedder.seen.count == 100)
                #expect(warnings().count == count + 1 && warnings()[count].contains(path))
            }
            #expect(try files(cache).count == 1)
        }
    }

    private func bytes(_ value: Float) -> [UInt8] { withUnsafeBytes(of: value) { Array($0) } }

    @Test func unusualTexts() throws {
        try withCache { cache, _ in
            let texts = ["one", "with \0 zero", "two", "\0"]
            for run in 0..<2 {
                let embedder = CountingEmbedder()
                expect(try cache.embeddings(of: texts, with: embedder), of: texts)
                #expect(embedder.seen.count == (run == 0 ? 4 : 2))
            }
            #expect(throws: EmbeddingError.notFinite(text: "bad", model: "counting")) {
                try cache.embeddings(of: ["good", "bad"], with: CountingEmbedder())
            }
        }
    }
}
