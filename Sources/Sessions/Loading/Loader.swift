import Foundation
internal import Language

/// Loads one kind of thing. `load` asks the loader of its kind.
protocol Loader: Sendable {
    /// The word behind `load`.
    var kind: HandleKind { get }
    /// The kind of the handle.
    var resultKind: HandleKind { get }
    /// What WHERE can be, in words.
    var place: String { get }
    /// The files or folders that WHERE could mean: an existing path, a name in the folders of weights.
    func readings(_ written: String, in context: CheckContext) throws -> [String]
    /// The names that WHERE could be.
    func names(in context: CheckContext) -> [String]
    /// Whatever can be known before loading. Throws `Diagnostic`s or errors that name the thing.
    func check(_ path: String, _ arguments: Arguments, in context: CheckContext) throws
    /// What helps when WHERE, which reads like a path, is not there; nil for the usual words.
    func help(for written: String, in context: CheckContext) -> String?
    func load(_ path: String, _ arguments: Arguments, in session: Session) throws -> any HandleContent
}

extension Loader {
    var resultKind: HandleKind { kind }
    func names(in context: CheckContext) -> [String] { [] }
    func check(_ path: String, _ arguments: Arguments, in context: CheckContext) throws {}
    func help(for written: String, in context: CheckContext) -> String? { nil }

    func readings(_ written: String, in context: CheckContext) throws -> [String] {
        let path = context.absolute(written)
        return FileManager.default.fileExists(atPath: path) ? [path] : []
    }
}

/// A model in an HDF5 file that can be called by its name in the folders of weights.
protocol ModelFileLoader: Loader {}

extension ModelFileLoader {
    func readings(_ written: String, in context: CheckContext) -> [String] { fileReadings(written, in: context) }

    func names(in context: CheckContext) -> [String] { fileNames(in: context) }

    func fileReadings(_ written: String, in context: CheckContext) -> [String] {
        let path = context.absolute(written)
        let named =
            written.contains("/") || written.hasSuffix(".h5") ? nil : context.places.weightsFile(written + ".h5")
        return [FileManager.default.fileExists(atPath: path) ? path : nil, named].compactMap { $0 }
    }

    func fileNames(in context: CheckContext) -> [String] {
        context.places.weights.flatMap { (try? FileManager.default.contentsOfDirectory(atPath: $0)) ?? [] }
            .filter { $0.hasSuffix(".h5") }.map { String($0.dropLast(3)) }
    }
}
