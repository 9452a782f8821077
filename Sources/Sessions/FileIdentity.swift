internal import Archive
import Foundation
import Synchronization

/// The SHA-256 of a model's files, computed when it is first asked for: large files take seconds.
final class FileIdentity: Sendable {
    private let paths: [String]
    private let known: Mutex<String?>

    init(of paths: [String]) {
        self.paths = paths
        known = Mutex(nil)
    }

    init(known hash: String) {
        paths = []
        known = Mutex(hash)
    }

    /// Of one file its sum, of several the sum of their sums. Throws `ArchiveError`.
    var hash: String {
        get throws {
            try known.withLock { known in
                if let known { return known }
                let sums = try paths.map(SHA256Hash.of(file:))
                let hash = sums.count == 1 ? sums[0] : SHA256Hash.of(bytes: Data(sums.joined(separator: "\n").utf8))
                known = hash
                return hash
            }
        }
    }
}

extension Session {
    /// The identity of a model's files, which the record of a run notes at once.
    func identity(of paths: [String]) throws -> FileIdentity {
        if record != nil { for path in paths { try noteInput(path) } }
        return FileIdentity(of: paths)
    }
}
