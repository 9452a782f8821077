internal import Foundation

/// Names for what is not finished: `.NAME.tmp-PID-RANDOM` beside the target, hidden, and telling whose it is.
enum TemporaryName {
    static func make(for target: String) -> String {
        prefix(of: target) + "\(getpid())-" + String(UInt32.random(in: 0...UInt32.max), radix: 16)
    }

    /// Removes files and folders that processes left beside this target when they were killed.
    static func removeLeftovers(of target: String) {
        let prefix = prefix(of: target)
        let folder = URL(fileURLWithPath: target).deletingLastPathComponent().path
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
            let path = folder + "/" + name
            guard path.hasPrefix(prefix), let process = pid_t(path.dropFirst(prefix.count).prefix { $0 != "-" }),
                kill(process, 0) != 0, errno == ESRCH
            else { continue }
            try? FileManager.default.removeItem(atPath: path)
        }
    }

    private static func prefix(of target: String) -> String {
        let url = URL(fileURLWithPath: target)
        return url.deletingLastPathComponent().path + "/.\(url.lastPathComponent).tmp-"
    }
}
