internal import CImageCodecs

extension Picture {
    static func decodePNG(_ bytes: [UInt8], _ name: String) throws -> Picture {
        let reader = UnsafeMutablePointer<proclip_png>.allocate(capacity: 1)
        defer { reader.deallocate() }
        return try bytes.withUnsafeBufferPointer { buffer in
            func require(_ status: Int32) throws {
                if status != 0 { return }
                let message = withUnsafeBytes(of: reader.pointee.message) { text in
                    String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
                }
                throw PictureError.unreadable(name, reason: "PNG: \(message.isEmpty ? "no memory" : message)")
            }
            let isOpen = proclip_png_open(reader, buffer.baseAddress, buffer.count)
            defer { proclip_png_close(reader) }
            try require(isOpen)
            let (width, height) = (Int(reader.pointee.width), Int(reader.pointee.height))
            try checkSize(width, height, name)
            try require(proclip_png_start(reader))
            let rowBytes = reader.pointee.row_bytes
            var samples = [UInt8](repeating: 0, count: rowBytes * height)
            try require(proclip_png_read(reader, &samples))
            let isDeepGrey = rowBytes == 2 * width
            var picture = Picture(
                width: width, height: height, channels: isDeepGrey ? 3 : rowBytes / width,
                samples: isDeepGrey ? clippedGrey(samples) : samples)
            picture.orientation = EXIFOrientation.ofPNG(bytes)
            if isDeepGrey { picture.caveat = "16-bit grey: as in Pillow, all above 255 is white; save it with 8 bits" }
            return picture
        }
    }

    /// What Pillow makes of 16-bit grey, whose upper byte comes first.
    private static func clippedGrey(_ samples: [UInt8]) -> [UInt8] {
        stride(from: 0, to: samples.count, by: 2).flatMap { place in
            let grey = samples[place] == 0 ? samples[place + 1] : 255
            return [grey, grey, grey]
        }
    }
}
