import Archive
import Foundation
import Testing

@Suite(.serialized) struct AtomicWriteTests {
    @Test func aFailedWriteLeavesThePreviousFileAndNothingElse() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/a.txt"
            try AtomicWrite.replace(path, with: Data("one".utf8))
            #expect(throws: ArchiveError.diskFull(path)) {
                try AtomicWrite.replace(path) { temporary in
                    try Data("half".utf8).write(to: URL(fileURLWithPath: temporary))
                    throw ArchiveError.diskFull(temporary)
                }
            }
            #expect(throws: ArchiveError.unwritable(path, reason: "no")) {
                try AtomicWrite.replace(path) { throw ArchiveError.unwritable($0, reason: "no") }
            }
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "one")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.txt"])
        }
    }

    @Test(arguments: [("/dev/full", "it is no ordinary file"), ("/tmp", "it is a folder")])
    func onlyFilesAreReplaced(path: String, reason: String) {
        #expect(throws: ArchiveError.unwritable(path, reason: reason)) {
            try AtomicWrite.replace(path, with: Data("one".utf8))
        }
    }

    @Test func aFileInTheWayOfAFolderIsNamed() throws {
        try withTemporaryFolder { folder in
            try AtomicWrite.replace(folder + "/a", with: Data())
            let path = folder + "/a/b.txt"
            #expect(throws: ArchiveError.unwritable(path, reason: "the folder \(folder)/a cannot be made")) {
                try AtomicWrite.replace(path, with: Data())
            }
        }
    }

    /// What `replace` will refuse is known before the work.
    @Test func aPlaceIsCheckedWithoutTouchingIt() throws {
        try withTemporaryFolder { folder in
            try AtomicWrite.replace(folder + "/a", with: Data("one".utf8))
            try AtomicWrite.check(folder + "/a")
            try AtomicWrite.check(folder + "/deep/down/b")
            for (path, reason) in [
                (folder + "/a/b", "the folder \(folder)/a cannot be made"),
                (folder + "/a/b/c", "the folder \(folder)/a/b cannot be made"), (folder, "it is a folder"),
                ("/dev/full", "it is no ordinary file"),
            ] {
                #expect(throws: ArchiveError.unwritable(path, reason: reason)) { try AtomicWrite.check(path) }
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a"])
        }
    }

    /// Also where nobody, but the owner of everything, may write.
    @Test func aFolderThatIsNotWritableIsNamed() throws {
        try withTemporaryFolder { folder in
            try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: folder)
            if getuid() == 0 {
                try AtomicWrite.check(folder + "/a")
            } else {
                #expect(throws: ArchiveError.self) { try AtomicWrite.check(folder + "/a") }
            }
        }
    }

    @Test func foldersAreMadeAndLinksFollowed() throws {
        try withTemporaryFolder { folder in
            try AtomicWrite.replace(folder + "/deep/down/a.txt", with: Data("one".utf8))
            try FileManager.default.createSymbolicLink(
                atPath: folder + "/link", withDestinationPath: folder + "/deep/down/a.txt")
            try AtomicWrite.replace(folder + "/link", with: Data("two".utf8))
            #expect(try String(contentsOfFile: folder + "/deep/down/a.txt", encoding: .utf8) == "two")
            try Data().write(to: URL(fileURLWithPath: folder + "/file"))
            #expect(
                throws: ArchiveError.unwritable(folder + "/file/a", reason: "the folder \(folder)/file cannot be made")
            ) {
                try AtomicWrite.replace(folder + "/file/a", with: Data())
            }
        }
    }

    @Test func aKilledWriterLeavesThePreviousFile() throws {
        let boundaries = AtomicWrite.Boundary.allCases.map(\.rawValue) + (0..<8).map { "dataset-\($0)" }
        for boundary in boundaries {
            try withTemporaryFolder { folder in
                let path = folder + "/checkpoint.h5"
                let writer = try CrashingWriter(path, crashAt: boundary)
                writer.process.waitUntilExit()
                #expect(writer.process.terminationReason == .uncaughtSignal)
                let isNew = ["renamed", "folderSynchronised"].contains(boundary)
                #expect(try generation(of: path) == (isNew ? 1 : 0), "killed at \(boundary)")
            }
        }
    }

    @Test func killedAtRandomTheFileStaysReadable() throws {
        var random = SplitMix(state: 7)
        try withTemporaryFolder { folder in
            let path = folder + "/checkpoint.h5"
            for _ in 0..<100 {
                let writer = try CrashingWriter(path, crashAt: nil)
                usleep(UInt32.random(in: 0..<8000, using: &random))
                kill(writer.process.processIdentifier, SIGKILL)
                writer.process.waitUntilExit()
                #expect(try generation(of: path) >= 0)
            }
            // Each writer swept up what its killed predecessors left.
            try AtomicWrite.replace(path, with: Data())
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["checkpoint.h5"])
        }
    }

    /// The generation that a checkpoint holds; every value in it has to agree.
    private func generation(of path: String) throws -> Int {
        let (tensors, attributes) = try readTensors(path)
        let generation = try #require(attributes["generation"].flatMap { Int($0) })
        #expect(tensors.count == 8)
        for tensor in tensors.values { #expect(tensor.values.allSatisfy { $0 == Float(generation) }) }
        return generation
    }
}

/// The program `crash-writer`, started and past its first complete checkpoint.
private struct CrashingWriter {
    let process = Process()

    init(_ path: String, crashAt point: String?) throws {
        // Swift Testing runs inside the test bundle, which lies beside the programs of the package.
        process.executableURL = programFolder().appendingPathComponent("crash-writer")
        process.arguments = [path]
        process.environment = point.map { ["PROCLIP_CRASH_AT": $0] } ?? [:]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let ready = output.fileHandleForReading.availableData
        #expect(ready == Data("ready\n".utf8))
    }

    private func programFolder() -> URL {
        let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: bundle).deletingLastPathComponent()
    }
}
