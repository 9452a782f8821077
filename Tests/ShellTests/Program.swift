import Foundation

/// The real `proclip`, beside the test bundle, and the Python that drives it.
enum Program {
    static let path: String = {
        let own =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        return URL(filePath: own).deletingLastPathComponent().appending(path: "proclip").path
    }()

    /// The interpreter that `PROCLIP_PYTHON` names; nil where it is not set.
    static let python = ProcessInfo.processInfo.environment["PROCLIP_PYTHON"]

    struct Output {
        var status: Int32
        var output: String
        var error: String

        /// The JSON objects on the lines of the output.
        var lines: [[String: Any]] {
            output.split(separator: "\n").compactMap {
                try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
            }
        }
    }

    /// Runs `proclip` off a terminal, with a home and a working folder of its own.
    static func run(_ arguments: String..., input: String = "", files: [String: String] = [:]) throws -> Output {
        try run(arguments, input: input, files: files)
    }

    static func run(_ arguments: [String], input: String = "", files: [String: String] = [:]) throws -> Output {
        let folder = FileManager.default.temporaryDirectory.appending(path: "proclip-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files { try Data(text.utf8).write(to: folder.appending(path: name)) }
        return try execute(path, arguments, input: input, folder: folder)
    }

    /// Runs a scenario of `drive_terminal.py`.
    static func drive(_ scenario: String) throws -> Output {
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "drive_terminal.py").path
        return try execute(
            python ?? "", [script, path, scenario], input: "", folder: FileManager.default.temporaryDirectory)
    }

    private static func execute(
        _ program: String, _ arguments: [String], input: String, folder: URL
    ) throws -> Output {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = ProcessInfo.processInfo.environment.merging(["HOME": folder.path]) { $1 }
        let files = ["input", "output", "error"].map { folder.appending(path: ".\($0)-\(UUID().uuidString)") }
        defer { for file in files { try? FileManager.default.removeItem(at: file) } }
        try Data(input.utf8).write(to: files[0])
        for file in files[1...] { try Data().write(to: file) }
        process.standardInput = try FileHandle(forReadingFrom: files[0])
        process.standardOutput = try FileHandle(forWritingTo: files[1])
        process.standardError = try FileHandle(forWritingTo: files[2])
        try process.run()
        process.waitUntilExit()
        return Output(
            status: process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus,
            output: try String(contentsOf: files[1], encoding: .utf8),
            error: try String(contentsOf: files[2], encoding: .utf8))
    }
}
