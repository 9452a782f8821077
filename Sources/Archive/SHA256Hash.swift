internal import Crypto
public import Foundation

/// SHA-256 sums as 64 lower-case hexadecimal digits.
public enum SHA256Hash {
    /// The sum of a file's bytes, read in pieces.
    public static func of(file path: String) throws -> String {
        guard let file = fopen(path, "rb") else { throw ArchiveError.system(errno, path, writing: false) }
        defer { fclose(file) }
        var hash = SHA256()
        var piece = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = fread(&piece, 1, piece.count, file)
            if count == 0 { break }
            piece.withUnsafeBytes { hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        }
        guard ferror(file) == 0 else { throw ArchiveError.system(errno, path, writing: false) }
        return hexadecimal(hash.finalize())
    }

    public static func of(bytes: some DataProtocol) -> String { hexadecimal(SHA256.hash(data: bytes)) }

    fileprivate static func hexadecimal(_ digest: SHA256.Digest) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

/// The SHA-256 sum of bytes that come in pieces.
public struct RunningSHA256 {
    private var hash = SHA256()

    public init() {}

    public mutating func add(_ bytes: [UInt8]) { hash.update(data: bytes) }

    /// The sum of all so far.
    public var hexadecimal: String { SHA256Hash.hexadecimal(hash.finalize()) }
}
