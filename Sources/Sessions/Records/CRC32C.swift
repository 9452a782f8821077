/// The cyclic redundancy check of Castagnoli (RFC 3720, section 12.1), reflected polynomial 0x82F63B78.
enum CRC32C {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { sum, _ in sum & 1 == 1 ? sum >> 1 ^ 0x82F6_3B78 : sum >> 1 }
    }

    static func of(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~0) { $0 >> 8 ^ table[Int(($0 ^ UInt32($1)) & 0xFF)] }
    }

    /// As TensorFlow stores it, so that a check of a text that holds checks is no weaker.
    static func masked(_ bytes: [UInt8]) -> UInt32 {
        let sum = of(bytes)
        return (sum >> 15 | sum << 17) &+ 0xA282_EAD8
    }
}
