/// How byte-level vocabularies spell the 256 bytes (Radford et al., 2019): printable Latin-1 characters stand for
/// themselves, the other bytes, in order, for the characters from U+0100 on.
enum ByteSymbols {
    private static let printable: [UInt8] = Array(0x21...0x7e) + Array(0xa1...0xac) + Array(0xae...0xff)
    /// The bytes in the order of CLIP's vocabulary.
    static let order: [UInt8] = printable + (UInt8.min...UInt8.max).filter { !printable.contains($0) }
    /// The UTF-8 spelling of each byte.
    static let spellings: [[UInt8]] = {
        var result = [[UInt8]](repeating: [], count: 256)
        for (position, byte) in order.enumerated() {
            let value = position < printable.count ? UInt32(byte) : 0x100 + UInt32(position - printable.count)
            result[Int(byte)] = Unicode.Scalar(value).map { Array(String($0).utf8) } ?? []
        }
        return result
    }()

    static func spelled(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(2 * bytes.count)
        for byte in bytes {
            if (0x21...0x7e).contains(byte) { result.append(byte) } else { result += spellings[Int(byte)] }
        }
        return result
    }
}
