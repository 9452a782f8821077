import Archive
import Foundation
import Testing

@Suite struct TextFileTests {
    @Test func whatIsNoTextIsNamed() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/a.txt"
            #expect(throws: ArchiveError.missingFile(path)) { try TextFile.read(path) }
            #expect(throws: ArchiveError.unreadable(folder, reason: "Is a directory")) { try TextFile.read(folder) }
            try Data([0x61, 0xff]).write(to: URL(fileURLWithPath: path))
            #expect(throws: ArchiveError.foreign(path, expected: "UTF-8 text")) { try TextFile.read(path) }
            let long = String(repeating: "é\n", count: 100_000)
            try Data(long.utf8).write(to: URL(fileURLWithPath: path))
            #expect(try TextFile.read(path) == long)
        }
    }
}
