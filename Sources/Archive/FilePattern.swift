internal import Foundation

/// Patterns that name files: those of the shell, and webdataset's ranges `{000..012}` and choices `{a,b}`.
public enum FilePattern {
    /// A pattern may stand for so many names.
    private static let most = 100_000

    /// The file of that very name, or those that the pattern names and that are there; each range in its order, the rest
    /// sorted.
    public static func matches(_ pattern: String) -> [String] {
        if FileManager.default.fileExists(atPath: pattern) { return [pattern] }
        return expand(pattern).flatMap(globbed)
    }

    private static func globbed(_ pattern: String) -> [String] {
        if FileManager.default.fileExists(atPath: pattern) { return [pattern] }
        var found = glob_t()
        defer { globfree(&found) }
        guard glob(pattern, 0, nil, &found) == 0 else { return [] }
        return (0..<Int(found.gl_pathc)).compactMap { found.gl_pathv[$0].map { String(cString: $0) } }
    }

    /// The names that a pattern with braces stands for; itself where it has none or stands for too many.
    static func expand(_ pattern: String) -> [String] {
        var names = [""]
        var rest = pattern[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            let choices = alternatives(rest[rest.index(after: open)..<close])
            let before = rest[..<open]
            guard let choices, names.count * choices.count <= most else { return [pattern] }
            names = names.flatMap { name in choices.map { name + before + $0 } }
            rest = rest[rest.index(after: close)...]
        }
        return names.map { $0 + rest }
    }

    private static func alternatives(_ text: Substring) -> [String]? {
        if let dots = text.range(of: "..") {
            let (first, last) = (text[..<dots.lowerBound], text[dots.upperBound...])
            guard let low = Int(first), let high = Int(last), low >= 0, low <= high, high - low < most else {
                return nil
            }
            return (low...high).map { number in
                let digits = String(number)
                return String(repeating: "0", count: max(0, first.count - digits.count)) + digits
            }
        }
        return text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
}
