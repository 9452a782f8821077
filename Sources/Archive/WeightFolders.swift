internal import Foundation

/// Where weights and prepared data are sought: `$PROCLIP_WEIGHTS`, `./Weights`, `~/.cache/proclip`, in that order.
public enum WeightFolders {
    /// The user's home folder: `$HOME`, which Foundation does not ask, or what the system knows.
    public static var home: String { environment("HOME") ?? NSHomeDirectory() }

    /// `~/.cache/proclip`: what is fetched or computed goes here.
    public static var cache: String { home + "/.cache/proclip" }

    /// All folders that are searched, first the one that wins.
    public static var all: [String] {
        [environment("PROCLIP_WEIGHTS"), "./Weights", cache].compactMap { $0 }
    }

    private static func environment(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The first existing file or folder of that relative path, such as `models/minilm`.
    public static func find(_ relativePath: String, in folders: [String] = all) -> String? {
        folders.lazy.map { $0 + "/" + relativePath }.first { FileManager.default.fileExists(atPath: $0) }
    }
}
