import Foundation
import Testing

/// A folder of its own for each test, removed afterwards.
func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("proclip-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try body(folder)
}

/// The path of a committed fixture.
func fixture(_ name: String) -> String { testFolder + "/Fixtures/" + name }

let testFolder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path

/// Runs a script of this folder with the interpreter that `PROCLIP_PYTHON` names (default `python3`).
func runPython(_ script: String, _ arguments: String...) throws {
    let python = ProcessInfo.processInfo.environment["PROCLIP_PYTHON"] ?? "python3"
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [python, testFolder + "/" + script] + arguments
    let errors = Pipe()
    process.standardError = errors
    try process.run()
    let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let advice = text.contains("No module named") ? "\(python) lacks a module; install h5py and numpy: " : ""
    try #require(process.terminationStatus == 0, "\(advice)\(text)")
}

/// A random generator whose choices are the same in every run.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
