import Archive
import Foundation
import Testing

@Suite struct SHA256HashTests {
    /// FIPS 180-2, appendix B: "abc", and one million times "a".
    @Test func knownSums() throws {
        #expect(
            SHA256Hash.of(bytes: Data("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        )
        let million = Data(repeating: UInt8(ascii: "a"), count: 1_000_000)
        let sum = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        #expect(SHA256Hash.of(bytes: million) == sum)
        try withTemporaryFolder { folder in
            try million.write(to: URL(fileURLWithPath: folder + "/a"))
            #expect(try SHA256Hash.of(file: folder + "/a") == sum)
        }
        #expect(throws: ArchiveError.missingFile("./none")) { try SHA256Hash.of(file: "./none") }
    }
}
