internal import Archive
import Foundation

/// Where files are sought and kept.
public struct Places: Sendable, Equatable {
    /// Folders with model files, in the order in which they are sought.
    public var weights: [String]
    /// The folder of the embedding cache.
    public var cache: String
    /// What Hugging Face's programs have downloaded.
    let huggingFace: HuggingFaceCache

    /// `$PROCLIP_WEIGHTS`, `./Weights`, `~/.cache/proclip`; the cache is `~/.cache/proclip/embeddings`.
    public init(environment: [String: String], workingDirectory: String) {
        let home = (environment["HOME"] ?? WeightFolders.home) + "/.cache/proclip"
        weights = [environment["PROCLIP_WEIGHTS"], workingDirectory + "/Weights", home].compactMap { $0 }
        cache = home + "/embeddings"
        huggingFace = HuggingFaceCache(environment: environment)
    }

    /// The first file of that name in the folders of weights.
    public func weightsFile(_ name: String) -> String? {
        weights.lazy.map { $0 + "/" + name }.first { FileManager.default.fileExists(atPath: $0) }
    }
}
