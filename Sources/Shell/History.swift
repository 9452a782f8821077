import Glibc

/// The statements of earlier sessions: one a line in the user's own file, `\n` and `\\` for line ends and backslashes.
///
/// An entry is appended when it is entered, so nothing is lost when a session dies, and sessions side by side do not
/// overwrite each other. What cannot be read or written is not kept; that never disturbs a session.
struct History {
    static let limit = 10_000
    let path: String

    /// `$XDG_STATE_HOME/proclip/history`, by default under `~/.local/state`; nil without a home.
    static var userPath: String? {
        if let state = Terminal.variable("XDG_STATE_HOME") { return state + "/proclip/history" }
        return Terminal.variable("HOME").map { $0 + "/.local/state/proclip/history" }
    }

    /// The entries, oldest first, at most `limit`. A file that has grown to twice that is cut.
    func load() -> [String] {
        guard let bytes = contents(of: path) else { return [] }
        let lines = bytes.split(separator: UInt8(ascii: "\n"))
        let kept = lines.suffix(History.limit)
        if lines.count > 2 * History.limit { replace(with: kept.joined(separator: [UInt8(ascii: "\n")])) }
        return kept.map { History.unescaped(String(decoding: $0, as: UTF8.self)) }
    }

    func append(_ entry: String) {
        makeFolders()
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let line = History.escaped(entry) + "\n"
        _ = line.withCString { write(descriptor, $0, strlen($0)) }
    }

    /// Writes the shortened file beside the old one and puts it in its place.
    private func replace(with bytes: some Sequence<UInt8>) {
        let temporary = "\(path).\(getpid())"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        let content = Array(bytes) + [UInt8(ascii: "\n")]
        let isWritten = write(descriptor, content, content.count) == content.count && fsync(descriptor) == 0
        close(descriptor)
        if isWritten { rename(temporary, path) } else { unlink(temporary) }
    }

    private func makeFolders() {
        var folder = ""
        for part in path.split(separator: "/").dropLast() {
            folder += "/" + part
            mkdir(folder, 0o700)
        }
    }

    static func escaped(_ entry: String) -> String {
        entry.reduce(into: "") { result, character in
            switch character {
            case "\\": result += "\\\\"
            case "\n", "\r\n", "\r": result += "\\n"
            default: result.append(character)
            }
        }
    }

    static func unescaped(_ line: String) -> String {
        var result = ""
        var isEscaped = false
        for character in line {
            if isEscaped {
                result.append(character == "n" ? "\n" : character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else {
                result.append(character)
            }
        }
        return result
    }
}

/// The bytes of a file; nil where it cannot be read.
func contents(of path: String) -> [UInt8]? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 65_536)
    while case let count = fread(&block, 1, block.count, file), count > 0 { bytes += block[..<count] }
    return bytes
}
