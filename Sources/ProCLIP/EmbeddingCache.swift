public import Archive
internal import Foundation
public import Tensors
public import Towers

/// How far an embedding run is.
public struct EmbeddingProgress: Sendable {
    /// Texts that have their vector, those that were cached included.
    public let done: Int
    public let total: Int
    public let cached: Int
    public let textsPerSecond: Double
    public let remainingSeconds: Double
}

/// Embeddings that were computed once, on disk: a frozen model never embeds the same text twice.
///
/// Each model (weights and preprocessing) has a folder, in it files that are written whole every `fileSize` texts. So
/// an interrupted run continues where it stopped, and another model, another pooling or a changed text never meets a
/// vector that is not its own. A damaged file is reported, passed over and its texts are computed again.
public struct EmbeddingCache {
    public let folder: String
    private let fileSize: Int
    private let opened: OpenedEmbeddings
    private let warn: (String) -> Void

    /// - `folder`: by default `~/.cache/proclip/embeddings`.
    /// - `opened`: the files that need not be opened again.
    /// - `warn`: receives a sentence for each damaged file.
    public init(
        folder: String = WeightFolders.cache + "/embeddings", fileSize: Int = 4096,
        opened: OpenedEmbeddings = OpenedEmbeddings(), warn: @escaping (String) -> Void
    ) {
        self.folder = folder
        self.fileSize = fileSize
        self.opened = opened
        self.warn = warn
    }

    /// The vectors of the texts, in their order: [N, d]. What the cache lacks is computed and added to it.
    /// Throws `EmbeddingError`, `ArchiveError`, or what the embedder throws; what was computed until then is kept.
    public func embeddings(
        of texts: [String], with embedder: some TextEmbedder, stop: StopFlag = StopFlag(),
        progress: (EmbeddingProgress) -> Void = { _ in }
    ) throws -> Tensor {
        let place = folder + "/" + key(of: embedder)
        var assembly = EmbeddingAssembly(texts: texts, dimension: embedder.dimension)
        for name in names(in: place) where !assembly.isComplete {
            if let file = file(place + "/" + name, of: embedder) { assembly.fill(from: file) }
        }
        let (cached, missing, start) = (assembly.done, assembly.missing, ContinuousClock.now)
        if !missing.isEmpty { try AtomicWrite.check(place + "/new.h5") }
        var unsaved: [Int] = []
        func save() throws {
            try write(unsaved.map { texts[$0] }, assembly.vectors(at: unsaved), in: place, of: embedder)
            unsaved = []
        }
        do {
            func heed() throws {
                if stop.isRaised && assembly.done < texts.count {
                    throw EmbeddingError.interrupted(done: assembly.done, total: texts.count)
                }
            }
            try heed()
            for first in stride(from: 0, to: missing.count, by: fileSize) {
                let rows = Array(missing[first..<min(missing.count, first + fileSize)])
                try embedder.embed(rows.map { texts[$0] }) { batch, vectors in
                    let batch = batch.map { rows[$0] }
                    assembly.fill(batch, with: try finite(vectors, embedder) { texts[batch[$0]] })
                    unsaved += batch
                    let rate = Double(assembly.done - cached) / max(1e-9, (ContinuousClock.now - start) / .seconds(1))
                    progress(
                        EmbeddingProgress(
                            done: assembly.done, total: texts.count, cached: cached, textsPerSecond: rate,
                            remainingSeconds: Double(texts.count - assembly.done) / rate))
                    try heed()
                }
                try save()
            }
        } catch {
            try save()
            throw error
        }
        return assembly.result
    }

    private func finite(_ vectors: Tensor, _ embedder: some TextEmbedder, text: (Int) -> String) throws -> Tensor {
        for (index, value) in vectors.values.enumerated() where !value.isFinite {
            throw EmbeddingError.notFinite(text: text(index / embedder.dimension), model: embedder.name)
        }
        return vectors
    }

    // MARK: Files

    /// The name of a model's folder: a hash of everything that a vector depends on besides its text.
    private func key(of embedder: some TextEmbedder) -> String {
        let description = EmbeddingsFile.attributes(of: embedder).sorted { $0.key < $1.key }
        let lines = description.map { "\($0.key) \($0.value)\n" } + ["\(embedder.dimension)"]
        return SHA256Hash.of(bytes: Data(lines.joined().utf8))
    }

    private func names(in place: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
        return names.filter { $0.hasSuffix(".h5") && !$0.hasPrefix(".") }.sorted()
    }

    private func file(_ path: String, of embedder: some TextEmbedder) -> EmbeddingsFile? {
        do { return try opened.file(path) { try EmbeddingsFile(path, of: embedder) } } catch {
            warn("cached embeddings are passed over and computed again: \(error)")
            return nil
        }
    }

    private func write(_ texts: [String], _ vectors: Tensor, in place: String, of embedder: some TextEmbedder) throws {
        // A zero byte cannot be stored: such a text is computed each time.
        if let index = texts.firstIndex(where: { $0.utf8.contains(0) }) {
            try write(Array(texts[..<index]), vectors.rows(0..<index), in: place, of: embedder)
            let rest = index + 1..<texts.count
            return try write(Array(texts[rest]), vectors.rows(rest), in: place, of: embedder)
        }
        if texts.isEmpty { return }
        let name = SHA256Hash.of(bytes: Data(texts.joined(separator: "\0").utf8))
        try EmbeddingsFile.write("\(place)/\(name).h5", texts: texts, embeddings: vectors, of: embedder)
    }
}
