internal import Archive
import Foundation

/// Where files are sought and kept.
public struct Places: Sendable, Equatable {
    /// Folders with model files, in the order in which they are sought.
    public var weights: [String]
    /// The folder of the embedding cache.
    public var cache: String
    /// The folder in which the user's guesses and lessons are kept: `$XDG_STATE_HOME/proclip`, by default below
    /// `~/.local/state`.
    let state: String
    /// Folders with tutorials, in the order in which they are sought: `$PROCLIP_TUTORIALS`, `./Tutorials`.
    let tutorials: [String]
    /// What Hugging Face's programs have downloaded.
    let huggingFace: HuggingFaceCache

    /// `$PROCLIP_WEIGHTS`, `./Weights`, `~/.cache/proclip`; the cache is `~/.cache/proclip/embeddings`.
    public init(environment: [String: String], workingDirectory: String) {
        let user = environment["HOME"] ?? WeightFolders.home
        let home = user + "/.cache/proclip"
        state = (environment["XDG_STATE_HOME"] ?? user + "/.local/state") + "/proclip"
        tutorials = [environment["PROCLIP_TUTORIALS"], workingDirectory + "/Tutorials"].compactMap { $0 }
        weights = [environment["PROCLIP_WEIGHTS"], workingDirectory + "/Weights", home].compactMap { $0 }
        (cache, downloads) = (home + "/embeddings", home)
        huggingFace = HuggingFaceCache(environment: environment)
    }

    /// Where finished trainings are kept.
    var trained: String { (cache as NSString).deletingLastPathComponent + "/trained" }
    /// Where trainings that no run records keep their checkpoints.
    var checkpoints: String { (cache as NSString).deletingLastPathComponent + "/checkpoints" }
    /// Where downloads are kept.
    let downloads: String

    /// The first file of that name in the folders of weights.
    public func weightsFile(_ name: String) -> String? {
        weights.lazy.map { $0 + "/" + name }.first { FileManager.default.fileExists(atPath: $0) }
    }
}
