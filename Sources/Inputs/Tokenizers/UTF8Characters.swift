/// The characters of a valid UTF-8 text with their places.
struct UTF8Characters: Sequence, IteratorProtocol {
    private let bytes: ArraySlice<UInt8>
    private var position: Int

    init(_ bytes: ArraySlice<UInt8>) { (self.bytes, position) = (bytes, bytes.startIndex) }

    mutating func next() -> (scalar: Unicode.Scalar, range: Range<Int>)? {
        guard position < bytes.endIndex else { return nil }
        let start = position
        let lead = UInt32(bytes[start])
        position += 1
        var value = lead < 0x80 ? lead : lead < 0xe0 ? lead & 0x1f : lead < 0xf0 ? lead & 0x0f : lead & 0x07
        while position < bytes.endIndex, bytes[position] & 0xc0 == 0x80 {
            value = value << 6 | UInt32(bytes[position] & 0x3f)
            position += 1
        }
        return (Unicode.Scalar(value) ?? "\u{fffd}", start..<position)
    }
}
