internal import CImageCodecs

/// A PNG whose pixels have been inflated by libdeflate, twice as fast as by zlib, and are handed to libpng as a stream of
/// stored blocks (RFC 1951, 3.2.4), which it only has to copy. Checksums of all chunks and of the pixels have been compared,
/// so libpng need not do it again.
struct StoredPNG {
    private static let signature = 8
    /// A chunk's length, kind and checksum.
    private static let frame = 12
    private static let header: [UInt8] = Array("IHDR".utf8)
    private static let pixels: [UInt8] = Array("IDAT".utf8)
    private static let largestBlock = 65_535

    let bytes: [UInt8]

    /// Nil for everything that is not a whole and undamaged PNG of a plausible size; libpng finds the words for it.
    init?(_ source: [UInt8]) {
        var (place, compressed) = (Self.signature, [UInt8]())
        var around: (before: Int?, after: Int?) = (nil, nil)
        while place < source.count {
            guard let length = Self.number(source, at: place), length <= source.count - place - Self.frame,
                Self.number(source, at: place + 8 + length) == Self.checksum(source[place + 4..<place + 8 + length])
            else { return nil }
            if source[place + 4..<place + 8].elementsEqual(Self.pixels) {
                guard around.after == nil else { return nil }
                around.before = around.before ?? place
                compressed += source[place + 8..<place + 8 + length]
            } else if around.before != nil, around.after == nil {
                around.after = place
            }
            place += Self.frame + length
        }
        guard let before = around.before, let after = around.after, let count = Self.inflatedSize(source),
            let inflated = Self.inflate(compressed, to: count)
        else { return nil }
        let blocks = (count + Self.largestBlock - 1) / Self.largestBlock
        let streamSize = 2 + count + 5 * blocks + 4
        var bytes = [UInt8]()
        bytes.reserveCapacity(source.count + streamSize + Self.frame)
        bytes += source[..<before]
        bytes += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: streamSize >> $0) } + Self.pixels
        Self.appendStored(inflated, to: &bytes)
        bytes += [0, 0, 0, 0]
        bytes += source[after...]
        self.bytes = bytes
    }

    /// Bytes of all rows with their filter types, or nil where the header makes no sense (PNG specification, 11.2.1).
    private static func inflatedSize(_ source: [UInt8]) -> Int? {
        guard source.count > 33, source[12..<16].elementsEqual(header), let width = number(source, at: 16),
            let height = number(source, at: 20), (try? Picture.checkSize(width, height, "")) != nil,
            let samples = [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][source[25]], source[24] <= 16, source[28] == 0
        else { return nil }
        return height * (1 + (width * samples * Int(source[24]) + 7) / 8)
    }

    private static func inflate(_ compressed: [UInt8], to count: Int) -> [UInt8]? {
        guard let decompressor = libdeflate_alloc_decompressor() else { return nil }
        defer { libdeflate_free_decompressor(decompressor) }
        var isWhole = false
        let inflated = [UInt8](unsafeUninitializedCapacity: count) { target, written in
            let status = libdeflate_zlib_decompress(
                decompressor, compressed, compressed.count, target.baseAddress, count, nil)
            isWhole = status == LIBDEFLATE_SUCCESS
            written = isWhole ? count : 0
        }
        return isWhole ? inflated : nil
    }

    /// A zlib stream (RFC 1950) of those bytes as they are, with zeros for its checksum, which is not read.
    private static func appendStored(_ inflated: [UInt8], to bytes: inout [UInt8]) {
        bytes += [0x78, 0x01]
        for start in stride(from: 0, to: inflated.count, by: largestBlock) {
            let end = min(start + largestBlock, inflated.count)
            let (low, high) = (UInt8(truncatingIfNeeded: end - start), UInt8(truncatingIfNeeded: (end - start) >> 8))
            bytes += [end == inflated.count ? 1 : 0, low, high, ~low, ~high]
            bytes += inflated[start..<end]
        }
        bytes += [0, 0, 0, 0]
    }

    private static func number(_ bytes: [UInt8], at place: Int) -> Int? {
        guard place >= 0, place + 4 <= bytes.count else { return nil }
        return bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
    }

    private static func checksum(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.withUnsafeBytes { Int(libdeflate_crc32(0, $0.baseAddress, $0.count)) }
    }
}
