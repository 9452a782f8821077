internal import Foundation

/// The models that Hugging Face's programs have downloaded: read only, nothing is fetched.
///
/// Source: huggingface_hub's "Understand caching": `models--ORG--NAME/refs/BRANCH` holds a commit, whose files are in
/// `snapshots/COMMIT`.
public struct HuggingFaceCache: Sendable, Equatable {
    /// The folder that holds `models--ORG--NAME`.
    public let folder: String

    /// `$HF_HUB_CACHE`, else `$HF_HOME/hub`, else `$XDG_CACHE_HOME/huggingface/hub`, else `~/.cache/huggingface/hub`.
    public init(environment: [String: String]) {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let home = value("HOME") ?? WeightFolders.home
        let written =
            value("HF_HUB_CACHE") ?? value("HF_HOME").map { $0 + "/hub" }
            ?? (value("XDG_CACHE_HOME") ?? home + "/.cache") + "/huggingface/hub"
        folder = written.hasPrefix("~/") ? home + written.dropFirst() : written
    }

    /// Whether a word has the form `org/name`, in the characters that Hugging Face allows.
    public static func isName(_ word: String) -> Bool {
        let parts = word.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == 2
            && parts.allSatisfy { part in
                !part.isEmpty && !part.hasPrefix(".") && !part.hasPrefix("-") && !part.contains("..")
                    && part.utf8.allSatisfy { byte in
                        let letter = (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z")
                        let digit = byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
                        return letter || digit || "._-".utf8.contains(byte)
                    }
            }
    }

    /// The newest state of a model that is here: the commit of its branch `main`, or its only snapshot. Nil where the
    /// cache has none of it.
    public func snapshot(of name: String) -> String? {
        guard Self.isName(name) else { return nil }
        let model = folder + "/models--" + name.replacing("/", with: "--")
        let snapshots = model + "/snapshots"
        if let bytes = try? JSONFile.bytes(model + "/refs/main") {
            let commit = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            let path = snapshots + "/" + commit
            let isPlain =
                !commit.isEmpty && commit.utf8.allSatisfy { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: ".") }
            return isPlain && isFolder(path) ? path : nil
        }
        let found = ((try? FileManager.default.contentsOfDirectory(atPath: snapshots)) ?? []).map {
            snapshots + "/" + $0
        }
        return found.count == 1 ? found.first : nil
    }

    /// The names of all models that the cache has.
    public var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).compactMap {
            (entry: String) -> String? in
            guard entry.hasPrefix("models--") else { return nil }
            let name = String(entry.dropFirst(8).replacing("--", with: "/", maxReplacements: 1))
            return snapshot(of: name) == nil ? nil : name
        }
    }

    private func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }
}
