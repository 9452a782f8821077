internal import Foundation

/// Where weights and prepared data are sought: `$PROCLIP_WEIGHTS`, `./Weights`, `~/.cache/proclip`, in that order.
public enum WeightFolders {
    /// `~/.cache/proclip`: what is fetched or computed goes here.
    public static var cache: String {
        FileManager.default.homeDirectoryForCurrentUser.appendingPathComponent(".cache/proclip").path
    }

    /// All folders that are searched, first the one that wins.
    public static var all: [String] {
        let chosen = ProcessInfo.processInfo.environment["PROCLIP_WEIGHTS"].map { [$0] } ?? []
        return chosen + ["./Weights", cache]
    }

    /// The first existing file or folder of that relative path, such as `models/minilm`.
    public static func find(_ relativePath: String, in folders: [String] = all) -> String? {
        folders.lazy.map { $0 + "/" + relativePath }.first { FileManager.default.fileExists(atPath: $0) }
    }
}
