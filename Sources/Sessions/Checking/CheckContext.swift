internal import Archive
import Foundation
public import Language

/// What names and files mean while a statement is checked: those of the session, or, when a whole recipe is checked, what
/// its earlier statements will have made by then.
public struct CheckContext: Sendable {
    public var variables: [String: Value]
    /// The handles by name; those still to be made have no content.
    public var handles: [String: Handle]
    public var lastName: String?
    public let workingDirectory: String
    /// Whether an earlier statement may make files that do not exist yet.
    public var expectsFiles = false
    public let places: Places

    /// An absolute path; relative ones start at the working directory, `~/` at the user's home.
    public func absolute(_ path: String) -> String {
        CheckContext.absolute(path, from: workingDirectory)
    }

    static func absolute(_ path: String, from folder: String) -> String {
        let expanded = path.hasPrefix("~/") ? WeightFolders.home + path.dropFirst() : path
        let joined = expanded.hasPrefix("/") ? expanded : folder + "/" + expanded
        return URL(filePath: joined).standardizedFileURL.path(percentEncoded: false)
    }

    /// A path as it is shown and recorded: from the working directory or the home folder if it lies there.
    func shown(_ path: String) -> String { CheckContext.shown(path, from: workingDirectory) }

    static func shown(_ path: String, from folder: String) -> String {
        let place = [(folder, "."), (WeightFolders.home, "~")].first { path.hasPrefix($0.0 + "/") }
        return place.map { $0.1 + path.dropFirst($0.0.count) } ?? path
    }

    /// Files and folders beside a path that does not exist, with names near to its own, written as it is.
    func nearestPaths(to written: String) -> [String] {
        let place = URL(filePath: absolute(written))
        guard let name = written.split(separator: "/").last.map(String.init), name == place.lastPathComponent else {
            return []
        }
        let lead = written.prefix(upTo: written.range(of: name, options: .backwards)?.lowerBound ?? written.startIndex)
        let names = try? FileManager.default.contentsOfDirectory(
            atPath: place.deletingLastPathComponent().path(percentEncoded: false))
        // The names of a folder of pictures need not all be compared.
        return Nearest.words(to: name, among: (names ?? []).prefix(2000)).map { lead + $0 }
    }

    func handle(_ name: String) -> Handle? {
        name == "last" ? lastName.flatMap { handles[$0] } : handles[name]
    }

    /// What expressions see.
    var scope: Scope {
        Scope(variables: variables) { parts in
            guard let handle = handle(parts[0]) else { return .unknownHandle(known: Array(handles.keys)) }
            guard let content = handle.content else { return .value(.unknown) }
            let fields = content.fields
            let path = parts.dropFirst().joined(separator: ".")
            guard let scalar = fields[path] else { return .unknownField(known: fields.names) }
            return .value(Value(scalar))
        }
    }
}
