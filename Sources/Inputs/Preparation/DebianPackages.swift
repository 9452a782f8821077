internal import Foundation

/// Data from Debian packages: as installed, from a cache of `.deb` files, or downloaded into that cache.
///
/// Nothing needs the rights of root: `apt-get download` and `dpkg-deb -x` run as any user.
struct DebianPackages {
    /// The folder of the `.deb` files.
    let cache: String
    let progress: (String) -> Void

    struct Package: Sendable {
        let name: String
        let licence: String
        /// A path in the package, by which an installed one is recognised.
        let probe: String
    }

    struct Found {
        let package: Package
        /// The folder that stands for the root of the file system; empty for the root itself.
        let root: String
        let version: String
    }

    /// Where the package's files lie, fetched and unpacked if need be.
    func find(_ package: Package) throws -> Found {
        if FileManager.default.fileExists(atPath: "/" + package.probe) {
            let version = (try? run("dpkg-query", ["-W", "-f", "${Version}", package.name], in: "/")) ?? "unknown"
            progress("\(package.name) \(version): installed")
            return Found(package: package, root: "", version: version)
        }
        let file = try archive(of: package)
        // NAME_VERSION_ARCHITECTURE.deb, with the colon of an epoch escaped.
        let parts = file.split(separator: "_").map { $0.replacingOccurrences(of: "%3a", with: ":") }
        let version = parts.count > 1 ? parts[1] : "unknown"
        return Found(package: package, root: try unpacked(file, package), version: version)
    }

    private func archive(of package: Package) throws -> String {
        if let file = try cached(package.name) {
            progress("\(package.name): \(file) is in the cache")
            return file
        }
        progress("\(package.name): downloading")
        let start = Date()
        do {
            try FileManager.default.createDirectory(atPath: cache, withIntermediateDirectories: true)
        } catch {
            throw PreparationError.unreadable(
                cache, reason: "the folder cannot be created; set XDG_CACHE_HOME to one that can")
        }
        // Into a folder of its own first: an interrupted download must not look like a package.
        let partial = "\(cache)/partial-\(package.name)"
        try? FileManager.default.removeItem(atPath: partial)
        try FileManager.default.createDirectory(atPath: partial, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: partial) }
        do {
            try run("apt-get", ["download", "-q", package.name], in: partial)
        } catch let error as CommandFailure {
            throw PreparationError.downloadFailed(package: package.name, reason: error.message)
        }
        guard
            let file = try FileManager.default.contentsOfDirectory(atPath: partial).first(where: {
                $0.hasSuffix(".deb")
            })
        else { throw PreparationError.downloadFailed(package: package.name, reason: "apt-get left no file") }
        try FileManager.default.moveItem(atPath: "\(partial)/\(file)", toPath: "\(cache)/\(file)")
        let bytes = try FileManager.default.attributesOfItem(atPath: "\(cache)/\(file)")[.size] as? Int ?? 0
        let seconds = Date().timeIntervalSince(start)
        progress("\(package.name): \(String(format: "%.1f MB in %.1f s", Double(bytes) / 1e6, seconds))")
        return file
    }

    private func cached(_ name: String) throws -> String? {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: cache)) ?? []
        return files.filter { $0.hasPrefix(name + "_") && $0.hasSuffix(".deb") }.max()
    }

    private func unpacked(_ file: String, _ package: Package) throws -> String {
        let target = "\(cache)/unpacked/\(file.dropLast(4))"
        if FileManager.default.fileExists(atPath: "\(target)/\(package.probe)") { return target }
        progress("\(package.name): unpacking")
        let partial = target + ".partial"
        try? FileManager.default.removeItem(atPath: partial)
        try? FileManager.default.removeItem(atPath: target)
        do {
            try FileManager.default.createDirectory(atPath: partial, withIntermediateDirectories: true)
            try run("dpkg-deb", ["-x", "\(cache)/\(file)", partial], in: cache)
            try FileManager.default.moveItem(atPath: partial, toPath: target)
        } catch let error as CommandFailure {
            try? FileManager.default.removeItem(atPath: partial)
            throw PreparationError.unpackFailed(package: package.name, reason: error.message)
        }
        guard FileManager.default.fileExists(atPath: "\(target)/\(package.probe)") else {
            throw PreparationError.missing("\(target)/\(package.probe)")
        }
        return target
    }

    private struct CommandFailure: Error { let message: String }

    /// Runs a program of the system; returns its output.
    @discardableResult
    private func run(_ program: String, _ arguments: [String], in folder: String) throws -> String {
        let path = ["/usr/bin", "/bin"].map { "\($0)/\(program)" }.first(where: FileManager.default.isExecutableFile)
        guard let path else { throw PreparationError.noApt }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.environment = ProcessInfo.processInfo.environment.merging(["LC_ALL": "C"]) { $1 }
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let line =
                text.split(separator: "\n").last { $0.hasPrefix("E:") || $0.contains("error") }
                ?? text.split(separator: "\n").last
            throw CommandFailure(message: line.map(String.init) ?? "\(program) failed")
        }
        return text
    }
}
