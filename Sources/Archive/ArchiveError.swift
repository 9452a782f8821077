internal import Foundation
public import Tensors

/// What is wrong with a file or with the tensors in it: each case names the thing and, in `description`, the way out.
public enum ArchiveError: Error, Equatable, CustomStringConvertible {
    case missingFile(String)
    /// A file of proclip's own folder `Weights`, by its path there.
    case missingOwnFile(String)
    /// The file is of another kind than `expected`, such as "an HDF5 file".
    case foreign(String, expected: String)
    /// The file ends before its own description says so.
    case truncated(String)
    case unreadable(String, reason: String)
    case unwritable(String, reason: String)
    case diskFull(String)
    case missingTensor(String, available: [String])
    case misshapenTensor(String, expected: Shape, found: Shape)
    case extraTensors([String])
    /// A tensor that holds an infinity or NaN.
    case notFinite(String)
    case duplicateTensor(String)
    /// A dataset or tensor whose elements are of another type than what was asked for.
    case elementType(String, expected: String, found: String)
    case missingAttribute(String, path: String)

    public var description: String {
        switch self {
        case .missingFile(let path): "there is no file \(path); check the path"
        case .missingOwnFile(let name):
            "there is no \(name) in $PROCLIP_WEIGHTS, ./Weights or ~/.cache/proclip; set PROCLIP_WEIGHTS to the folder Weights "
                + "of proclip's sources"
        case .foreign(let path, let expected): "\(path) is not \(expected); give a file of that kind"
        case .truncated(let path): "\(path) is cut short; copy, download or write it again"
        case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)"
        case .unwritable(let path, let reason): "\(path) cannot be written: \(reason)"
        case .diskFull(let path):
            "the disk is full: \(path) was not written, what stood there before is unchanged; free some space"
        case .missingTensor(let name, let available): Self.missing(name, among: available)
        case .misshapenTensor(let name, let expected, let found):
            "tensor \(name) has shape \(found), \(expected) is needed; the file belongs to another configuration"
        case .extraTensors(let names): "the file holds tensors that no layer asks for: \(Self.list(names))"
        case .notFinite(let name):
            "tensor \(name) holds values that are not finite; the file is damaged or its training failed"
        case .duplicateTensor(let name): "tensor \(name) is asked for twice; two layers share a path"
        case .elementType(let name, let expected, let found): "\(name) holds \(found), \(expected) is needed"
        case .missingAttribute(let name, let path):
            "\(path) lacks the attribute \(name); it was written by another program"
        }
    }

    private static func missing(_ name: String, among available: [String]) -> String {
        if available.isEmpty { return "tensor \(name) is missing: the file holds none" }
        return
            "tensor \(name) is missing; nearest among \(available.count): \(list(nearest(to: name, among: available)))"
    }

    private static func list(_ names: [String], atMost limit: Int = 5) -> String {
        let shown = names.prefix(limit).joined(separator: ", ")
        return names.count > limit ? "\(shown) and \(names.count - limit) more" : shown
    }

    /// The three names that share the longest beginning and end with `name`: a path is mostly wrong in one place.
    static func nearest(to name: String, among available: [String]) -> [String] {
        let wanted = Array(name.utf8)
        func shared(_ candidate: String) -> Double {
            let other = Array(candidate.utf8)
            let bound = min(wanted.count, other.count)
            let head = zip(wanted, other).prefix { $0 == $1 }.count
            let tail = zip(wanted.reversed(), other.reversed()).prefix { $0 == $1 }.count
            return Double(min(bound, head + tail)) / Double(max(wanted.count, other.count, 1))
        }
        let ranked = available.map { (shared($0), $0) }.sorted { ($1.0, $0.1) < ($0.0, $1.1) }
        return ranked.prefix(3).map(\.1)
    }

    /// The error for a failed system call on `path`.
    static func system(_ code: Int32, _ path: String, writing: Bool) -> ArchiveError {
        switch code {
        case ENOSPC, EDQUOT: return .diskFull(path)
        case ENOENT where !writing: return .missingFile(path)
        default:
            let reason = String(cString: strerror(code))
            return writing ? .unwritable(path, reason: reason) : .unreadable(path, reason: reason)
        }
    }
}
