import Foundation
import Testing

@testable import Archive

@Suite struct TarArchiveTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tar-\(UUID().uuidString)").path

    private func path(_ bytes: [UInt8]) throws -> String {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let path = folder + "/a.tar"
        try Data(bytes).write(to: URL(filePath: path))
        return path
    }

    private func written(_ members: [(String, [UInt8])]) throws -> String {
        let path = folder + "/written.tar"
        try TarArchive.write(path, names: members.map(\.0)) { members[$0].1 }
        return path
    }

    @Test func whatIsWrittenIsReadInItsOrder() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let members: [(String, [UInt8])] = [
            ("b.json", Array("{}".utf8)), ("a.shortSV_captions", [UInt8](repeating: 7, count: 512)), ("empty", []),
            ("folder/" + String(repeating: "ä", count: 80), [1, 2, 3]),
        ]
        let archive = try TarArchive(written(members))
        #expect(archive.names == members.map(\.0))
        for (name, bytes) in members { #expect(try archive.bytes(name) == bytes) }
        #expect(throws: ArchiveError.self) { _ = try archive.bytes("c") }
        #expect(throws: ArchiveError.self) { _ = try archive.bytes("b.json", atMost: 1) }
    }

    /// What GNU tar and Python write: long names in members of their own, folders, links, sizes in binary.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["PROCLIP_PYTHON"] != nil, "needs PROCLIP_PYTHON"))
    func filesOfPythonAreReadAndTheOtherWayRound() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let mine = try written([("x/" + String(repeating: "n", count: 120), [9, 8]), ("y", [7])])
        let script = """
            import io, sys, tarfile
            folder, mine = sys.argv[1:]
            long = 'p/' * 60 + 'q' * 90
            for name, form in [('gnu', tarfile.GNU_FORMAT), ('pax', tarfile.PAX_FORMAT), ('ustar', tarfile.USTAR_FORMAT)]:
                with tarfile.open(f'{folder}/{name}.tar', 'w', format=form) as tar:
                    tar.addfile(tarfile.TarInfo('d/')); tar.getmembers()[0].type = tarfile.DIRTYPE
                    link = tarfile.TarInfo('link'); link.type, link.linkname = tarfile.SYMTYPE, 'one'; tar.addfile(link)
                    for path, content in [('one', b'1'), (long, b'22' * 400), ('ümlaut', b'')]:
                        info = tarfile.TarInfo(path); info.size = len(content); tar.addfile(info, io.BytesIO(content))
            with tarfile.open(mine) as tar:
                print([(m.name[-3:], len(m.name), list(tar.extractfile(m).read())) for m in tar.getmembers()])
            """
        let python = try #require(ProcessInfo.processInfo.environment["PROCLIP_PYTHON"])
        let process = Process()
        process.executableURL = URL(filePath: python)
        process.arguments = ["-c", script, folder, mine]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        process.waitUntilExit()
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        #expect(said == "[('nnn', 122, [9, 8]), ('y', 1, [7])]\n")
        for form in ["gnu", "pax", "ustar"] {
            let archive = try TarArchive("\(folder)/\(form).tar")
            let long = String(repeating: "p/", count: 60) + String(repeating: "q", count: 90)
            #expect(archive.names.filter { $0 != "d/" } == ["one", long, "ümlaut"], "\(form)")
            #expect(try archive.bytes(long) == [UInt8](repeating: UInt8(ascii: "2"), count: 800))
        }
    }

    @Test func damageIsNamed() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let sound = [UInt8](try Data(contentsOf: URL(filePath: written([("one", [1, 2, 3]), ("two", [4])]))))
        func sentence(_ change: (inout [UInt8]) -> Void) throws -> String {
            var bytes = sound
            change(&bytes)
            let path = try path(bytes)
            let error = #expect(throws: ArchiveError.self) { _ = try TarArchive(path) }
            return error?.description ?? ""
        }
        func resummed(_ bytes: inout [UInt8]) {
            for place in 148..<156 { bytes[place] = 32 }
            let sum = String(bytes[..<512].reduce(0) { $0 + Int($1) }, radix: 8)
            for (index, digit) in (String(repeating: "0", count: 6 - sum.count) + sum).utf8.enumerated() {
                bytes[148 + index] = digit
            }
            (bytes[154], bytes[155]) = (0, 32)
        }
        #expect(try sentence { $0 = Array("no tar at all".utf8) }.contains("is cut short"))
        #expect(try sentence { $0[0] = 0x41 }.contains("is not a tar file"))
        #expect(try sentence { $0[1024] = 0x41 }.contains("it is damaged"))
        #expect(try sentence { $0.removeLast($0.count - 700) }.contains("is cut short"))
        #expect(
            try sentence { bytes in
                for (index, digit) in "77777777777".utf8.enumerated() { bytes[124 + index] = digit }
                resummed(&bytes)
            }.contains("is cut short"))
        #expect(
            try sentence { bytes in
                for place in 124..<136 { bytes[place] = 0xff }
                resummed(&bytes)
            }.contains("a length in it is impossible"))
        #expect(
            try sentence { bytes in
                bytes.replaceSubrange(1024..<1536, with: bytes[0..<512])
            }.contains("holds the member one twice"))
        // Cuts and changed bytes: an error or a sound archive, never more.
        for end in stride(from: 0, to: sound.count, by: 37) { _ = try? TarArchive(path(Array(sound[..<end]))) }
        for index in stride(from: 0, to: 1024, by: 5) {
            var bytes = sound
            bytes[index] ^= UInt8(1 << (index % 8))
            _ = try? TarArchive(path(bytes))
        }
    }
}
